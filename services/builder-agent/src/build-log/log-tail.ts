import { open } from 'node:fs/promises';
import { MAX_TAIL_CHARS, type LogTail } from '#libs/contracts';
import type { PrivateWords } from '../build/mask.js';
import { shownText } from './shown-text.js';

/** Read at a time; whoever is further behind is shown the end, and misses what was before. */
const READ_BYTES = 12 * 1024;

/**
 * Shows what a build has printed from a byte on, or last where that is null: whole lines, masked. What
 * is not a whole line yet waits for its end, since half a word would not be masked.
 */
export async function readLogTail(
  logPath: string,
  fromByte: number | null,
  words: PrivateWords,
): Promise<LogTail> {
  const file = await open(logPath, 'r');
  try {
    const { size } = await file.stat();
    const isBehind = fromByte === null || fromByte > size || size - fromByte > READ_BYTES;
    const start = isBehind ? Math.max(0, size - READ_BYTES) : fromByte;
    const bytes = Buffer.alloc(Math.min(READ_BYTES, size - start));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    // A start in the middle of a line would show half of a word, too.
    const isCut = isBehind && start > 0;
    const first = isCut ? bytes.indexOf(0x0a) + 1 : 0;
    const end = bytes.lastIndexOf(0x0a, bytesRead - 1) + 1;
    if (end <= first) return { fromByte: start + first, nextByte: start + first, text: '' };
    const text = shownText(bytes.toString('utf8', first, end), words).slice(0, MAX_TAIL_CHARS);
    return { fromByte: start + first, nextByte: start + end, text };
  } finally {
    await file.close();
  }
}
