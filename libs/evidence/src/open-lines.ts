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
 * always something to do while lines and statements are read, and while all of them are judged. Of a
 * bundle of 10,000 attestations they are some five megabytes.
 */
const CHUNKS_AHEAD = 16;

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

/** Lines of which all were read, and some signatures are still being verified. */
export interface OpeningLines {
  /** What they are if every signature holds. */
  readonly presumed: OpenedLines;
  /** What they are: the very same object, if so. */
  readonly certain: Promise<OpenedLines>;
}

type Outcome = OpenedEntry | Finding;

/** Reads lines one after the other, while the signatures of those before are verified beside. */
export async function openLines(
  rest: Iterable<PlacedLine | Finding>,
  open: EntryOpener,
): Promise<OpeningLines> {
  const lines: PlacedLine[] = [];
  const unread: Finding[] = [];
  const presumed: OpenedEntry[] = [];
  const outcomes: Outcome[] = [];
  let chunk: Promise<Outcome>[] = [];
  const begun: Promise<readonly Outcome[]>[] = [];
  const begin = (): void => {
    const all = Promise.all(chunk);
    // What it throws is thrown where it is taken, if it comes to that.
    all.catch(() => undefined);
    begun.push(all);
    chunk = [];
  };
  const take = async (): Promise<void> => {
    // In the order of lines, whatever was verified first.
    for (const outcome of (await begun.shift()) ?? []) outcomes.push(outcome);
  };
  for (const read of rest) {
    if (isFinding(read)) {
      unread.push(read);
      continue;
    }
    lines.push(read);
    if (read.type === 'envelope') chunk.push(openLine(read, open, presumed));
    if (chunk.length < CHUNK) continue;
    begin();
    if (begun.length > CHUNKS_AHEAD) await take();
  }
  begin();
  const asPresumed = { lines, unread, entries: presumed, unopened: [] };
  const settle = async (): Promise<OpenedLines> => {
    while (begun.length > 0) await take();
    // Each of them, and not how many: what was presumed counts only where it came to be so.
    const isSo = outcomes.every((outcome, at) => outcome === presumed[at]);
    return isSo ? asPresumed : { lines, unread, ...sorted(outcomes) };
  };
  const certain = settle();
  certain.catch(() => undefined);
  return { presumed: asPresumed, certain };
}

function sorted(outcomes: readonly Outcome[]): Pick<OpenedLines, 'entries' | 'unopened'> {
  const entries: OpenedEntry[] = [];
  const unopened: Finding[] = [];
  for (const outcome of outcomes) {
    if ('code' in outcome) unopened.push(outcome);
    else entries.push(outcome);
  }
  return { entries, unopened };
}

async function openLine(
  { index, line, publicKey, envelope }: EnvelopeLine & { readonly line: number },
  open: EntryOpener,
  presumed: OpenedEntry[],
): Promise<Outcome> {
  try {
    const opening = open({ index, line, publicKey: fromBase64(publicKey), envelope });
    if (opening.presumed !== null) presumed.push(opening.presumed);
    return await opening.opened;
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    const code = error.code === 'BAD_SIGNATURE' ? 'signature-wrong' : 'statement-malformed';
    return { code, message: `${error.code}: ${error.message}`, line, index };
  }
}
