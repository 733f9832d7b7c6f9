import { z } from 'zod';
import { canonicalJson } from '#libs/encoding';
import { BundleHeader, BundleLine } from './bundle-line.js';
import { EvidenceError } from './error.js';
import type { Finding, FindingCode } from './finding.js';
import { quickLine } from './quick-line.js';

/** Characters of one line: room for the largest certificate that is archived. */
export const MAX_LINE_LENGTH = 8 * 1024 * 1024;
/** Lines of one bundle, its first among them. */
export const MAX_LINES = 250_000;
/** Bytes of one bundle. */
export const MAX_BUNDLE_BYTES = 256 * 1024 * 1024;

const NEWLINE = 0x0a;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const LINE_TYPES: ReadonlySet<unknown> = new Set(
  BundleLine.options.map(({ shape }) => shape.type.value),
);

/** A line that was read, and where it stands. */
export type PlacedLine = BundleLine & { readonly line: number };

/** What a bundle's text holds. Nothing in it is verified. */
export interface ParsedBundle {
  /** Null where the text is no bundle; then there are no lines either. */
  readonly header: BundleHeader | null;
  readonly lines: readonly PlacedLine[];
  readonly findings: readonly Finding[];
}

/**
 * Writes one line of a bundle, newline and all, in canonical JSON.
 *
 * @throws EvidenceError LINE_TOO_LONG
 */
export function writeBundleLine(line: BundleHeader | BundleLine): string {
  const text = canonicalJson(line);
  if (text.length <= MAX_LINE_LENGTH) return `${text}\n`;
  throw new EvidenceError(
    'LINE_TOO_LONG',
    `line has ${text.length} characters: at most ${MAX_LINE_LENGTH} are read back`,
  );
}

/** A bundle whose first line was read. */
export interface BundleReading {
  /** Null where the text is no bundle; then a finding is all that follows. */
  readonly header: BundleHeader | null;
  /** What follows, each read when it is asked for. */
  readonly rest: Iterable<PlacedLine | Finding>;
}

/**
 * Reads a bundle, its first line at once and the others as they are asked for. What cannot be read is
 * a finding, never an exception: the rest is still worth looking at. Lines of unknown type are
 * refused, because what a verifier passes over it vouches for.
 *
 * @param input has to stay as it is until the last line was read
 */
export function readBundle(input: Uint8Array | string): BundleReading {
  // A text of letters that are no ASCII is three times as many bytes, which are not to be made first.
  const sizeBytes = typeof input === 'string' ? Buffer.byteLength(input) : input.length;
  if (sizeBytes > MAX_BUNDLE_BYTES) {
    return refused('too-large', `bundle has more than ${MAX_BUNDLE_BYTES} bytes`, null);
  }
  if (typeof input === 'string' && !input.isWellFormed()) {
    return refused('not-a-bundle', 'the bundle has half a letter in it', null);
  }
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  const ends = lineEnds(bytes);
  if (ends.length > MAX_LINES) {
    return refused('too-large', `bundle has more than ${MAX_LINES} lines`, null);
  }
  const first = textOf(bytes.subarray(0, ends[0] ?? 0));
  const header = BundleHeader.safeParse(jsonOf(first ?? '')).data ?? null;
  if (header === null) return refused('not-a-bundle', 'the first line is not that of a bundle', 1);
  return { header, rest: readLines(bytes, ends) };
}

/** Reads all of a bundle, as {@link readBundle} does. */
export function parseBundle(input: Uint8Array | string): ParsedBundle {
  const { header, rest } = readBundle(input);
  const lines: PlacedLine[] = [];
  const findings: Finding[] = [];
  for (const read of rest) {
    if (isFinding(read)) findings.push(read);
    else lines.push(read);
  }
  return { header, lines, findings };
}

/** Tells a line that could not be read from one that could. */
export function isFinding(read: PlacedLine | Finding): read is Finding {
  return 'code' in read;
}

function refused(code: FindingCode, message: string, line: number | null): BundleReading {
  return { header: null, rest: [found(code, message, line)] };
}

/** Where lines end, in bytes. One of nothing but line breaks would fill the memory: it is not read on. */
function lineEnds(bytes: Uint8Array): readonly number[] {
  // A Buffer is searched several bytes at a time, an array of bytes one by one.
  const searched = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends: number[] = [];
  let end = searched.indexOf(NEWLINE);
  while (end !== -1 && ends.length <= MAX_LINES) {
    ends.push(end);
    end = searched.indexOf(NEWLINE, end + 1);
  }
  return ends;
}

function* readLines(
  bytes: Uint8Array,
  ends: readonly number[],
): Generator<PlacedLine | Finding, void> {
  let begin = (ends[0] ?? 0) + 1;
  for (let at = 1; at < ends.length; at += 1) {
    const end = ends[at] ?? begin;
    yield readLine(bytes.subarray(begin, end), at + 1);
    begin = end + 1;
  }
  // The last line ends in a newline like all others.
  if (begin === bytes.length) return;
  yield found('line-malformed', 'the last line was cut off', ends.length + 1);
}

/** Null where it is not UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

function readLine(bytes: Uint8Array, line: number): PlacedLine | Finding {
  const text = textOf(bytes);
  if (text === null) return found('line-malformed', 'line is not UTF-8', line);
  if (text.length > MAX_LINE_LENGTH) {
    return found('too-large', `line has more than ${MAX_LINE_LENGTH} characters`, line);
  }
  // A letter that is no ASCII has more bytes than one; a checkpoint has such, and entries have none.
  const quick = text.length === bytes.length ? quickLine(text) : null;
  if (quick !== null) return { ...quick, line };
  const json = jsonOf(text);
  if (typeof json !== 'object' || json === null) {
    return found('line-malformed', 'line is not a JSON object', line);
  }
  const type: unknown = 'type' in json ? json.type : undefined;
  if (!LINE_TYPES.has(type)) return found('line-unknown', 'line is of no known type', line);
  const parsed = BundleLine.safeParse(json);
  if (parsed.success) return { ...parsed.data, line };
  const problem = z.prettifyError(parsed.error).slice(0, 300);
  return found('line-malformed', `line is not as its type has it: ${problem}`, line);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function found(code: FindingCode, message: string, line: number | null): Finding {
  return { code, message, line, index: null };
}
