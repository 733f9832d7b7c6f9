import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { LogFolder } from '#libs/persistence';

/** What an archive is made of: a copy of the log, and one bundle for each round. */
export class ArchiveFolder {
  /** The copy of the log, as `log export` writes one. */
  readonly log: LogFolder;

  constructor(readonly path: string) {
    this.log = new LogFolder(join(path, 'log'));
  }

  /** Writes a bundle, durable and whole or not at all; gives what is read back. */
  async keepBundle(round: string, lines: AsyncIterable<string>): Promise<string> {
    const path = this.bundlePath(round);
    await mkdir(join(this.path, 'rounds'), { recursive: true });
    const file = await open(`${path}.draft`, 'w');
    try {
      for await (const line of lines) await file.write(line);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.draft`, path);
    return readFile(path, 'utf8');
  }

  private bundlePath(round: string): string {
    return join(this.path, 'rounds', `${round}.jsonl`);
  }
}
