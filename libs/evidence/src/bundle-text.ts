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
 */
export function readBundle(input: Uint8Array | string): BundleReading {
  const text = textOf(input);
  if (typeof text !== 'string') return { header: null, rest: [text] };
  // One of nothing but line breaks would fill the memory: no more are cut than are read.
  const texts = text.split('\n', MAX_LINES + 2);
  // The last line ends in a newline like all others.
  const last = texts.pop();
  if (texts.length > MAX_LINES) {
    const finding = found('too-large', `bundle has more than ${MAX_LINES} lines`, null);
    return { header: null, rest: [finding] };
  }
  const header = BundleHeader.safeParse(jsonOf(texts[0] ?? '')).data ?? null;
  if (header === null) {
    const finding = found('not-a-bundle', 'the first line is not that of a bundle', 1);
    return { header: null, rest: [finding] };
  }
  const sizeBytes = typeof input === 'string' ? Buffer.byteLength(input) : input.length;
  // A letter that is no ASCII has more bytes than one.
  const isAscii = sizeBytes === text.length;
  return { header, rest: readLines(texts, last !== '', isAscii) };
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

function* readLines(
  texts: readonly string[],
  isCutOff: boolean,
  isAscii: boolean,
): Generator<PlacedLine | Finding, void> {
  for (let at = 1; at < texts.length; at += 1) yield readLine(texts[at] ?? '', at + 1, isAscii);
  if (isCutOff) yield found('line-malformed', 'the last line was cut off', texts.length + 1);
}

function textOf(input: Uint8Array | string): string | Finding {
  if (input.length > MAX_BUNDLE_BYTES) {
    return found('too-large', `bundle has more than ${MAX_BUNDLE_BYTES} bytes`, null);
  }
  if (typeof input === 'string') return input;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    return found('not-a-bundle', 'the bundle is not UTF-8', null);
  }
}

function readLine(text: string, line: number, isAscii: boolean): PlacedLine | Finding {
  if (text.length > MAX_LINE_LENGTH) {
    return found('too-large', `line has more than ${MAX_LINE_LENGTH} characters`, line);
  }
  const quick = isAscii ? quickLine(text) : null;
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
