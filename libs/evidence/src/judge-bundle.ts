import type { PublicNoteKey } from '#libs/tlog';
import { readBundle, type ParsedBundle } from './bundle-text.js';
import { openEntryBeside, type EntryOpener } from './entry.js';
import { openLines } from './open-lines.js';
import { openedBundle, type OpenedBundle } from './opened-bundle.js';

/**
 * Opens a bundle: verifies every signature, the checkpoint's by one of the log's keys, and that all
 * entries stand where they say in its tree.
 *
 * @param input bytes have to stay as they are until this resolves: they are read as signatures are verified
 * @param logKeys keys that the reader has from elsewhere; those named as the bundle's origin count
 */
export async function openBundle(
  input: Uint8Array | string | ParsedBundle,
  logKeys: readonly PublicNoteKey[],
): Promise<OpenedBundle> {
  return judgeBundle(input, { logKeys, judge: (bundle) => Promise.resolve(bundle) });
}

/** What becomes of a bundle, and how it is opened. */
export interface Judging<T> {
  /** As {@link openBundle} has them. */
  readonly logKeys: readonly PublicNoteKey[];
  /** May be asked twice, of which the last answer is the one that is given: it changes and tells nothing. */
  readonly judge: (bundle: OpenedBundle) => Promise<T>;
  /** See `rememberingOpener`. */
  readonly open?: EntryOpener;
}

/**
 * Opens a bundle as {@link openBundle} does, and judges it while the last signatures are verified: as if
 * all of them held. Where one does not, it is judged anew without that entry, and the first judgement
 * is seen by nobody; so a false signature costs its reader a second look, and gets nothing by it.
 */
export async function judgeBundle<T>(
  input: Uint8Array | string | ParsedBundle,
  { logKeys, judge, open = openEntryBeside }: Judging<T>,
): Promise<T> {
  const isParsed = typeof input === 'object' && 'lines' in input;
  const { header, rest } = isParsed
    ? { header: input.header, rest: [...input.findings, ...input.lines] }
    : readBundle(input);
  const { presumed, certain } = await openLines(rest, open);
  const early = judge(openedBundle(header, presumed, logKeys));
  // What it throws is thrown below, if it comes to that.
  early.catch(() => undefined);
  const opened = await certain;
  return opened === presumed ? early : judge(openedBundle(header, opened, logKeys));
}
