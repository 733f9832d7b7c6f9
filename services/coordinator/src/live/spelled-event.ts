import type { RoundEvent } from '#libs/contracts';

/** What a browser waits before it comes back, in milliseconds. */
const RETRY_MS = 2_000;

/** The first line of a stream: it is open, though nothing may happen for long. */
export const GREETING = `retry: ${RETRY_MS}\n\n`;
/** Keeps proxies and sockets from taking a quiet stream for a dead one. */
export const HEARTBEAT = ':\n\n';

/**
 * Writes an event as a reader's browser takes it.
 *
 * Source: HTML Living Standard, section 9.2.5
 */
export function spellEvent(event: RoundEvent, id?: string): string {
  const named = id === undefined ? '' : `id: ${id}\n`;
  // JSON has no line breaks, so that nothing in it can begin a field of its own.
  return `event: ${event.kind}\n${named}data: ${JSON.stringify(event)}\n\n`;
}
