import { setTimeout as delay } from 'node:timers/promises';

const INTERVAL_MS = 10;

/** Asks again and again until the answer is yes. Returns false when `timeoutMs` pass without one. */
export async function pollUntil(
  timeoutMs: number,
  ask: () => Promise<boolean> | boolean,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await ask())) {
    if (performance.now() >= deadline) return false;
    await delay(INTERVAL_MS);
  }
  return true;
}
