import { ProvenanceError } from './error.js';
import { Refusal } from './refusal.js';

const MAX_INPUT_LENGTH = 16 * 1024 * 1024;
/** A page of GitHub's API at its fullest. */
const MAX_BUNDLES = 100;
const MAX_BUNDLE_LENGTH = 1024 * 1024;

/** A bundle that could not even be taken out of its list. */
type Candidate = { readonly json: unknown } | Refusal;

/**
 * Takes bundles out of whatever they came in. Nothing is believed of the list: what is no JSON
 * object stays in it as a refusal, so that junk before a good bundle hides nothing.
 *
 * @throws ProvenanceError TOO_LARGE
 */
export function listBundles(bundles: unknown): readonly Candidate[] {
  const candidates: Candidate[] = [];
  for (const candidate of candidatesIn(bundles)) {
    if (candidates.length === MAX_BUNDLES) {
      throw new ProvenanceError('TOO_LARGE', `more than ${MAX_BUNDLES} bundles: give fewer`);
    }
    candidates.push(candidate);
  }
  return candidates;
}

function* candidatesIn(input: unknown): Generator<Candidate> {
  if (typeof input === 'string') {
    yield* candidatesInText(input);
  } else if (Array.isArray(input)) {
    for (const item of input as readonly unknown[]) yield* candidatesIn(item);
  } else if (isRecord(input) && Array.isArray(input['attestations'])) {
    for (const item of input['attestations'] as readonly unknown[]) yield toCandidate(item);
  } else {
    yield toCandidate(input);
  }
}

function* candidatesInText(text: string): Generator<Candidate> {
  if (text.length > MAX_INPUT_LENGTH) {
    throw new ProvenanceError('TOO_LARGE', `bundles of over ${MAX_INPUT_LENGTH} characters`);
  }
  const whole = parseJson(text);
  if (whole !== undefined && typeof whole !== 'string') {
    yield* candidatesIn(whole);
    return;
  }
  for (const line of linesOf(text)) yield toCandidate(parseJson(line));
}

/** Walks over lines that hold something; splitting a text of line breaks would cost its tenfold. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? text.length : end).trim();
    if (line !== '') yield line;
    start = end === -1 ? text.length : end + 1;
  }
}

function toCandidate(item: unknown): Candidate {
  const isWrapped = isRecord(item) && Object.hasOwn(item, 'bundle');
  const bundle = isWrapped ? item['bundle'] : item;
  if (!isRecord(bundle)) {
    const detail = isWrapped ? 'names a bundle but does not hold it' : 'is not a JSON object';
    return new Refusal('malformed-bundle', `bundle ${detail}`);
  }
  // Once through text, so that no getter, proxy or prototype of a caller's object is met twice.
  const text = printJson(bundle);
  if (text === undefined) return new Refusal('malformed-bundle', 'bundle has no JSON form');
  if (text.length > MAX_BUNDLE_LENGTH) {
    return new Refusal('malformed-bundle', `bundle is longer than ${MAX_BUNDLE_LENGTH} characters`);
  }
  return { json: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function printJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
