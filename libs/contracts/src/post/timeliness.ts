import type { BuilderReport, Report } from '../report/report.js';

/** Whether a result was there before the vote's deadline, and on whose word. */
export interface Timeliness {
  readonly is: 'before' | 'after';
  /**
   * `close`: the log has its commit before RoundClose, and the round closed in time;
   * `open`: the round itself was opened too late; `builder`: nothing but the builder's own clock.
   */
  readonly by: 'close' | 'open' | 'builder';
  /** The moment that is held against the deadline. */
  readonly at: string;
  readonly deadlineAt: string;
  /** From that moment to the deadline, or from the deadline to it; never negative. */
  readonly apartMs: number;
}

/**
 * Tells whether a builder attested before the vote on the proposal ended; null where it attested
 * nothing, or nothing is known of the vote. What the log shows goes before what the builder says.
 */
export function timelinessOf(
  { proposal, round }: Pick<Report, 'proposal' | 'round'>,
  { commitIndex, finishedAt, state }: BuilderReport,
): Timeliness | null {
  const deadlineAt = proposal?.deadlineAt ?? null;
  if (deadlineAt === null || round === null || commitIndex === null) return null;
  const told = (by: Timeliness['by'], at: string | null): Timeliness | null => {
    const earlyMs = at === null ? NaN : Date.parse(deadlineAt) - Date.parse(at);
    if (at === null || Number.isNaN(earlyMs)) return null;
    return {
      is: earlyMs >= 0 ? 'before' : 'after',
      by,
      at,
      deadlineAt,
      apartMs: Math.abs(earlyMs),
    };
  };
  const opened = told('open', round.openedAt);
  if (opened?.is === 'after') return opened;
  const closed = state === 'late' ? null : told('close', round.closedAt);
  return closed?.is === 'before' ? closed : told('builder', finishedAt);
}

/** Says a stretch of time by its two largest units: `3 days 21 hours`, `40 minutes`. */
export function stretchWords(stretchMs: number): string {
  const minutes = Math.floor(stretchMs / 60_000);
  const parts = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor(minutes / 60) % 24, 'hour'],
    [minutes % 60, 'minute'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return 'less than a minute';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(' ');
}
