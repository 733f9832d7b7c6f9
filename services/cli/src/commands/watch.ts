import { setTimeout as sleep } from 'node:timers/promises';
import { plain, Report, ROUTES } from '#libs/contracts';
import type { Api } from '../api.js';
import { mayColor } from '../terminal.js';

const POLL_MS = 1_000;

/** Follows a round until it is final. Progress is drawn on a terminal only; stdout stays clean. */
export async function watchRound(api: Api, round: string): Promise<Report> {
  const view = new ProgressView(process.stderr);
  for (;;) {
    const report = await api.get(`${ROUTES.rounds}/${round}/report`, Report);
    view.show(report);
    if (report.round?.phase === 'final') {
      view.end();
      return report;
    }
    await sleep(POLL_MS);
  }
}

/** Draws one line a builder, in place on a terminal, once a change elsewhere. */
export class ProgressView {
  private shown = '';
  private drawnLines = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Draws the state of a round. */
  show(report: Report): void {
    const lines = progressLines(report);
    const text = lines.join('\n');
    if (text === this.shown) return;
    this.shown = text;
    if (this.stream.isTTY && mayColor(this.stream)) {
      if (this.drawnLines > 0) this.stream.write(`\u001b[${this.drawnLines}A\u001b[J`);
      this.drawnLines = lines.length;
      this.stream.write(`${text}\n`);
    } else {
      this.stream.write(`${lines.join(' | ')}\n`);
    }
  }

  /** Leaves the last drawing where it is. */
  end(): void {
    this.drawnLines = 0;
  }
}

function progressLines({ round, builders }: Report): string[] {
  const width = Math.max(0, ...builders.map(({ operator }) => operator.length));
  return [
    `round ${round?.round.slice(0, 12) ?? ''} ${round?.phase ?? ''}`,
    ...builders.map(({ operator, state, stage, percent }) => {
      const detail =
        state === 'building'
          ? `${stage ?? ''}${percent === null ? '' : ` ${Math.round(percent)} %`}`
          : '';
      return `  ${plain(operator).padEnd(width)} ${state} ${detail}`.trimEnd();
    }),
  ];
}
