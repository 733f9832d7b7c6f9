import type { RoundEvent } from '#libs/contracts';

type Log = Extract<RoundEvent, { kind: 'log' }>;

/** What was printed of one build's log. */
interface Shown {
  readonly nextByte: number;
  readonly line: string;
}

/** Which lines of builds were printed: what a stream that broke tells again is not printed twice. */
export class ShownLogs {
  private readonly shown = new Map<string, Shown>();
  private readonly behind = new Set<string>();

  /** A stream begins, and tells the end of each log, whoever saw it. */
  reconnect(): void {
    for (const builder of this.shown.keys()) this.behind.add(builder);
  }

  /** Gives the lines of a piece that were not printed yet, and takes them for printed. */
  take({ builder, fromByte, nextByte, text }: Log): readonly string[] {
    const lines = text.replace(/\n$/, '').split('\n');
    const known = this.shown.get(builder);
    const isTold = this.behind.has(builder) && known !== undefined && fromByte < known.nextByte;
    if (isTold && nextByte <= known.nextByte) return [];
    // Within one stream whoever begins again begins another log: it is printed.
    this.behind.delete(builder);
    this.shown.set(builder, { nextByte, line: lines.at(-1) ?? '' });
    return isTold ? lines.slice(lines.lastIndexOf(known.line) + 1) : lines;
  }
}
