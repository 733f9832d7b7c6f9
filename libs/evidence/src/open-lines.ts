import { AttestationError } from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import type { EnvelopeLine } from './bundle-line.js';
import { isFinding, type PlacedLine } from './bundle-text.js';
import type { EntryOpener, OpenedEntry } from './entry.js';
import type { Finding } from './finding.js';

/** How many entries are waited for together. */
const CHUNK = 128;
/**
 * How many such are begun before the first of them is waited for: enough that whoever verifies has
 * always something to do while lines and statements are read, and no memory of note.
 */
const CHUNKS_AHEAD = 4;

/** The lines of a bundle, and what came of opening those that are entries. */
export interface OpenedLines {
  readonly lines: readonly PlacedLine[];
  /** Lines that could not be read. */
  readonly unread: readonly Finding[];
  /** In the order of their lines. */
  readonly entries: readonly OpenedEntry[];
  /** Entries that could not be opened, in the order of their lines. */
  readonly unopened: readonly Finding[];
}

/** Reads lines one after the other, while the signatures of those before are verified beside. */
export async function openLines(
  rest: Iterable<PlacedLine | Finding>,
  open: EntryOpener,
): Promise<OpenedLines> {
  const lines: PlacedLine[] = [];
  const unread: Finding[] = [];
  const entries: OpenedEntry[] = [];
  const unopened: Finding[] = [];
  let chunk: Promise<OpenedEntry | Finding>[] = [];
  const begun: Promise<readonly (OpenedEntry | Finding)[]>[] = [];
  const begin = (): void => {
    const all = Promise.all(chunk);
    // What it throws is thrown where it is taken, if it comes to that.
    all.catch(() => undefined);
    begun.push(all);
    chunk = [];
  };
  const take = async (): Promise<void> => {
    // In the order of lines, whatever was verified first.
    for (const opened of (await begun.shift()) ?? []) {
      if ('code' in opened) unopened.push(opened);
      else entries.push(opened);
    }
  };
  for (const read of rest) {
    if (isFinding(read)) {
      unread.push(read);
      continue;
    }
    lines.push(read);
    if (read.type === 'envelope') chunk.push(openLine(read, open));
    if (chunk.length < CHUNK) continue;
    begin();
    if (begun.length > CHUNKS_AHEAD) await take();
  }
  begin();
  while (begun.length > 0) await take();
  return { lines, unread, entries, unopened };
}

async function openLine(
  { index, line, publicKey, envelope }: EnvelopeLine & { readonly line: number },
  open: EntryOpener,
): Promise<OpenedEntry | Finding> {
  try {
    return await open({ index, line, publicKey: fromBase64(publicKey), envelope });
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    const code = error.code === 'BAD_SIGNATURE' ? 'signature-wrong' : 'statement-malformed';
    return { code, message: `${error.code}: ${error.message}`, line, index };
  }
}
