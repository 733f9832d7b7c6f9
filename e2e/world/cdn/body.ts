import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ByteRange } from './byte-range.js';
import type { SettledFault } from './fault.js';
import type { StoredFile } from './stored-file.js';

/** How often a slow answer sends a piece. */
const SLOW_TICK_MS = 20;

/**
 * Sends a part of a file as an answer's body, altered as the fault says. Resolves when all was
 * handed to the connection, or it was cut; a caller that hangs up ends it as well.
 */
export async function sendBody(
  response: ServerResponse,
  stored: StoredFile,
  range: ByteRange,
  fault: SettledFault | null,
): Promise<void> {
  const slowBytes =
    fault?.kind === 'slow' ? Math.ceil((fault.bytesPerSecond * SLOW_TICK_MS) / 1000) : undefined;
  const cutAfter = fault?.kind === 'truncate' ? fault.afterBytes : Number.POSITIVE_INFINITY;
  let position = range.start;

  const source = stored.read(range, slowBytes ?? 64 * 1024);
  // The header alone would otherwise wait for the first byte of a body that never comes.
  response.flushHeaders();
  for await (const chunk of source) {
    if (response.destroyed) return;
    if (fault?.kind === 'tamper') {
      flip(chunk, (fault.atByte ?? Math.floor(stored.sizeBytes / 2)) - position);
    }
    const left = cutAfter - (position - range.start);
    if (chunk.byteLength > left) {
      await new Promise((sent) => response.write(chunk.subarray(0, left), sent));
      response.destroy();
      return;
    }
    position += chunk.byteLength;
    if (!response.write(chunk)) await drained(response);
    if (slowBytes !== undefined) await delay(SLOW_TICK_MS);
  }
  response.end();
}

function flip(chunk: Buffer, index: number): void {
  const byte = chunk[index];
  if (byte !== undefined) chunk[index] = byte ^ 1;
}

/** Waits until there is room for more, or nobody to send it to. */
async function drained(response: ServerResponse): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const ends = ['drain', 'close', 'error'].map((event) => once(response, event, { signal }));
  // Those that are given up must not stay: a long body would gather thousands of listeners.
  await Promise.race(ends).catch(() => undefined);
  stop.abort();
  await Promise.allSettled(ends);
}
