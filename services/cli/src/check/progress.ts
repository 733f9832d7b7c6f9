import { MultiBar, type SingleBar } from 'cli-progress';
import type { RebuildProgress } from '#libs/icos';
import { mayMoveCursor } from '../terminal.js';
import { logLine, type Level } from './log.js';

const MIB = 1024 ** 2;

/**
 * Shows how far a check is: bars on a terminal, lines elsewhere. Lines that are logged meanwhile go
 * above the bars.
 */
export class Progress {
  private readonly bars: MultiBar | null;
  private readonly open = new Map<string, SingleBar>();
  private stage = '';

  constructor(
    private readonly isVerbose: boolean,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {
    this.bars = mayMoveCursor(stream)
      ? new MultiBar({
          stream,
          format: '{name} |{bar}| {percentage}% {detail}',
          barsize: 24,
          hideCursor: true,
          clearOnComplete: true,
          emptyOnZero: true,
          gracefulExit: false,
        })
      : null;
  }

  /** Says something for good. */
  log(level: Level, text: string): void {
    const line = `${logLine(level, text)}\n`;
    if (this.bars !== null && this.open.size > 0) this.bars.log(line);
    else this.stream.write(line);
  }

  /** Says something that only `--debug` wants to hear. */
  debug(text: string): void {
    if (this.isVerbose) this.log('debug', text);
  }

  /** Tells how far source and build are. */
  rebuild(progress: RebuildProgress): void {
    switch (progress.stage) {
      case 'source':
        this.begin('source', 'Fetching the source');
        this.show('source', progress.percent, 100, progress.step);
        return;
      case 'build':
        this.finish('source');
        this.begin('build', "Building with the commit's own script");
        this.show('build', 0, 0, `${(progress.outputBytes / 1024).toFixed(0)} KiB of output`);
        return;
      case 'outputs':
        this.finish('build');
        this.begin('outputs', 'Reading and hashing what was built');
    }
  }

  /** Tells how far one download is. */
  download(url: string, receivedBytes: number, totalBytes: number | null): void {
    const name = url.replace(/^https?:\/\//, '').replace(/\/ic\/[0-9a-f]{40}\//, ' ');
    const sizes = `${(receivedBytes / MIB).toFixed(0)} of ${totalBytes === null ? '?' : (totalBytes / MIB).toFixed(0)} MiB`;
    this.show(name, receivedBytes, totalBytes ?? 0, sizes);
    if (receivedBytes !== totalBytes) return;
    this.finish(name);
    this.debug(`Read ${url}`);
  }

  /** Takes all bars away. */
  end(): void {
    this.bars?.stop();
    this.open.clear();
  }

  private begin(stage: string, text: string): void {
    if (this.stage === stage) return;
    this.stage = stage;
    this.log('info', `${text}.`);
  }

  private show(name: string, value: number, total: number, detail: string): void {
    if (this.bars === null) return;
    const shown = name.length > 44 ? `…${name.slice(-43)}` : name.padEnd(44);
    const bar = this.open.get(name) ?? this.bars.create(total, value, { name: shown, detail });
    this.open.set(name, bar);
    bar.setTotal(total);
    bar.update(value, { name: shown, detail });
  }

  private finish(name: string): void {
    const bar = this.open.get(name);
    if (bar === undefined) return;
    this.bars?.remove(bar);
    this.open.delete(name);
  }
}
