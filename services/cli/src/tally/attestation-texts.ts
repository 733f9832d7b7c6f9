import { z } from 'zod';
import { AttestationError, Envelope, parseEnvelope, unarmor } from '#libs/attestation';

const BEGIN = 'BEGIN REPRO-QUORUM ATTESTATION';
/** The same after an editor or a forum made its spaces and dashes beautiful. */
const BLOCK = /BEGIN\s+REPRO\p{Pd}QUORUM\s+ATTESTATION/u;

/** One attestation of a text, by the line that it begins on; or why it is none. */
export type Item = { readonly line: number } & (
  { readonly envelope: Envelope } | { readonly error: AttestationError }
);

/**
 * Finds the attestations of a text: armoured blocks between whatever else a saved thread holds, an
 * envelope as JSON, one a line, or inside what `attest --json` and `round show --json` print. Each is
 * read for itself, so that a broken one takes none of the others with it. A text of another kind
 * has none.
 */
export function attestationsIn(text: string): readonly Item[] {
  if (BLOCK.test(text)) return blocksIn(text);
  if (!text.trimStart().startsWith('{')) return [];
  const json = jsonOf(text);
  if (json !== undefined) {
    if (!text.includes('"payloadType"')) return [];
    return envelopesOf(json).map((one) => itemOf(1, () => envelopeOf(one)));
  }
  // What was cut off may have lost its end, never its first field.
  if (!text.includes('"payload')) return [];
  const lines = linesIn(text);
  // Not one line stands for itself: it is one envelope, and it was cut.
  return lines.some((item) => 'envelope' in item) ? lines : [itemOf(1, () => parseEnvelope(text))];
}

function blocksIn(text: string): Item[] {
  const [before = '', ...pieces] = text.split(BLOCK);
  let line = 1 + countBreaks(before);
  return pieces.map((piece) => {
    const item = itemOf(line, () => unarmor(`${BEGIN}${piece}`)[0]);
    line += countBreaks(piece);
    return item;
  });
}

function linesIn(text: string): Item[] {
  return text
    .split('\n')
    .map((line, at) => ({ line, at }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, at }) => itemOf(at + 1, () => parseEnvelope(line)));
}

/** The envelopes in a JSON value; what has none is itself taken for one. */
function envelopesOf(json: unknown): unknown[] {
  const { attestations } = fieldsOf(json);
  const items: unknown[] = Array.isArray(attestations) ? attestations : [json];
  return items.map((item) => fieldsOf(item)['envelope'] ?? item);
}

function envelopeOf(value: unknown): Envelope {
  const parsed = Envelope.safeParse(value);
  if (parsed.success) return parsed.data;
  const detail = z.prettifyError(parsed.error);
  throw new AttestationError(
    'MALFORMED_ENVELOPE',
    `not a DSSE envelope with one signature: ${detail}`,
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function itemOf(line: number, read: () => Envelope | undefined): Item {
  try {
    const envelope = read();
    if (envelope !== undefined) return { line, envelope };
    return { line, error: new AttestationError('NO_ARMOR', 'a block holds no attestation') };
  } catch (error) {
    if (error instanceof AttestationError) return { line, error };
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function countBreaks(text: string): number {
  return text.split('\n').length - 1;
}
