import type { Report } from '#libs/contracts';
import { mayMoveCursor } from '../terminal.js';
import { progressLines } from './progress-lines.js';

/** Draws one line a builder: in place on a terminal, one line a change elsewhere. */
export class ProgressView {
  private shown = '';
  private drawnLines = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Draws the state of a round, where it has changed. */
  show(report: Pick<Report, 'round' | 'builders'>): void {
    const lines = progressLines(report);
    const text = lines.join('\n');
    if (text === this.shown) return;
    this.shown = text;
    if (mayMoveCursor(this.stream)) {
      if (this.drawnLines > 0) this.stream.write(`\u001b[${this.drawnLines}A\u001b[J`);
      this.drawnLines = lines.length;
      // A wrapped line would take two rows, and the next drawing would begin one too low.
      const width = this.stream.columns - 1;
      this.stream.write(`${lines.map((line) => line.slice(0, width)).join('\n')}\n`);
    } else {
      this.stream.write(`${lines.map((line) => line.trim()).join(' | ')}\n`);
    }
  }

  /** Leaves the last drawing where it is, since something else was written below it. */
  leave(): void {
    this.drawnLines = 0;
  }
}
