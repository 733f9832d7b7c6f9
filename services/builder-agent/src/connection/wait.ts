import { setTimeout as delay } from 'node:timers/promises';

/** Waits so long, or until the signal aborts, whose reason it then throws. */
export async function waitUntilDue(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
