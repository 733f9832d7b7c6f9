import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { MAX_LOG_BYTES } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import type { PrivateWords } from '../build/mask.js';
import { writeDurably } from '../jobs/durable-file.js';
import { shownText } from './shown-text.js';

/** What is read of a log that is longer than may be shown: how it began, and above all how it ended. */
const HEAD_BYTES = 2 * 1024 ** 2;
const TAIL_BYTES = 8 * 1024 ** 2;
/** Masked at a time: the agent has other things to do meanwhile. */
const PIECE_BYTES = 64 * 1024;

/** Where a job keeps the log of its build as it may be shown. */
export function publicLogPath(jobFolder: string): string {
  return join(jobFolder, 'build.public.log');
}

/**
 * Writes what may be shown of a build's log, at most `MAX_LOG_BYTES`, and gives the digest of that: it is
 * what a result names, so that whoever is shown the log can tell that it is this one. Of a long log the
 * middle is left out, and a line says so.
 */
export async function writePublicLog(
  { logPath, jobFolder }: { readonly logPath: string; readonly jobFolder: string },
  words: PrivateWords,
): Promise<string> {
  const file = await open(logPath, 'r');
  try {
    const { size } = await file.stat();
    const isLong = size > HEAD_BYTES + TAIL_BYTES;
    const head = await shownPart(file, 0, isLong ? HEAD_BYTES : size, words);
    const from = size - TAIL_BYTES;
    const tail = isLong ? await shownPart(file, from, size, words) : '';
    const leftOut = `[${from - HEAD_BYTES} bytes are left out here]\n`;
    const text = bounded(isLong ? `${head}${leftOut}${afterFirstLine(tail)}` : head);
    await writeDurably(publicLogPath(jobFolder), text);
    return sha256(Buffer.from(text));
  } finally {
    await file.close();
  }
}

async function shownPart(
  file: FileHandle,
  start: number,
  end: number,
  words: PrivateWords,
): Promise<string> {
  const bytes = Buffer.alloc(end - start);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  const shown: string[] = [];
  for (let at = 0; at < bytesRead;) {
    const lineEnd = bytes.indexOf(0x0a, Math.min(at + PIECE_BYTES, bytesRead) - 1);
    const next = lineEnd === -1 ? bytesRead : Math.min(lineEnd + 1, bytesRead);
    shown.push(shownText(bytes.toString('utf8', at, next), words));
    at = next;
    await yieldToOthers();
  }
  const text = shown.join('');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** A part that begins anywhere may begin with half of what should be masked. */
function afterFirstLine(text: string): string {
  return text.slice(text.indexOf('\n') + 1);
}

/** Marks may be longer than what they stand for; then the beginning is given up. */
function bounded(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_LOG_BYTES) return text;
  const from = bytes.indexOf(0x0a, bytes.length - MAX_LOG_BYTES + PIECE_BYTES) + 1;
  return `[${from} bytes are left out here]\n${bytes.toString('utf8', from)}`;
}
