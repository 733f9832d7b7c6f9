import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { reproQuorum, type Ended } from './command-line.js';

/** A temporary folder in which commands are run on files. */
export class Folder {
  private constructor(readonly path: string) {}

  static async make(): Promise<Folder> {
    return new Folder(await mkdtemp(join(tmpdir(), 'repro-quorum-cli-')));
  }

  /** A folder of its own inside this one: concurrent tests must not share names. */
  async inner(name: string): Promise<Folder> {
    const path = join(this.path, name.replace(/[^a-z0-9]+/gi, '-').slice(0, 100));
    await mkdir(path);
    return new Folder(path);
  }

  /** Writes a text as it is, anything else as JSON; keys for nobody else's eyes. */
  async write(name: string, content: string | object): Promise<void> {
    const path = join(this.path, name);
    const mode = name.endsWith('.pem') ? 0o600 : 0o666;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content), {
      mode,
    });
  }

  async read(name: string): Promise<string> {
    return readFile(join(this.path, name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(join(this.path, name));
  }

  /** Every name in it, hidden ones too. */
  async names(): Promise<string[]> {
    return (await readdir(this.path)).toSorted();
  }

  /** Runs `repro-quorum` here. */
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return reproQuorum(this.path, args, env);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
