import { setImmediate as turn } from 'node:timers/promises';
import type { Steps } from '#libs/divergence';

/** How long others wait for their turn: requests, messages of builders, whoever asks for readiness. */
const TURN_MS = 25;

/**
 * Does work step by step, and lets everything else have its turn in between.
 *
 * @param now a clock in milliseconds that never goes back
 * @throws what a step throws; the signal's reason once it is aborted
 */
export async function inTurns<Result>(
  work: Steps<Result>,
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): Promise<Result> {
  let since = now();
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    if (now() - since < TURN_MS) continue;
    await turn();
    signal.throwIfAborted();
    since = now();
  }
}
