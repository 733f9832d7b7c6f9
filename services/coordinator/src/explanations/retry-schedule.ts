const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Pauses after the first look, the second, and so on; the last one is repeated. */
const PAUSES_MS = [
  // At first builders have yet to get the receipts without which they answer nothing.
  ...[5 * SECOND_MS, 10 * SECOND_MS, 20 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS],
  ...[15 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS],
];
const LAST_PAUSE_MS = 6 * HOUR_MS;

/** For how long after its verdict builders are asked about a round. */
export const ASKED_FOR_MS = 7 * DAY_MS;

/**
 * Says when a round is looked at again whose builders were away, after so many looks; null once it is
 * given up. `since` is its verdict, or what was learned of it last.
 */
export function nextLook(attempts: number, since: Date, now: Date): Date | null {
  const pauseMs = PAUSES_MS[attempts - 1] ?? LAST_PAUSE_MS;
  const next = new Date(now.getTime() + pauseMs);
  return next.getTime() - since.getTime() > ASKED_FOR_MS ? null : next;
}
