import { unverifiedPayload } from '#libs/attestation';
import { LoggedAttestation } from '#libs/contracts';
import { EncodingError, fromBase64 } from '#libs/encoding';
import { fetchWhole } from './fetch-whole.js';
import { Refusal } from './refusal.js';

const MAX_BYTES = 64 * 1024 * 1024;
const KEY_BYTES = 32;
const KEYS = /"(?:publicKey|attestation)":"([\w+/]{43}=)"/g;

/**
 * Looks for keys that may have signed an envelope: in the builder's key records, on the roster of its
 * round, and in the statement itself, where no builder is known. Found keys are tried, never believed.
 */
export async function findSignerKeys({
  builder,
  envelope,
}: LoggedAttestation): Promise<readonly Uint8Array[]> {
  const payload = payloadOf(envelope);
  const round = /"round":"([0-9a-f]{64})"/.exec(payload)?.[1];
  const places =
    builder === null
      ? [payload]
      : await Promise.all([textOf(`/v1/keys/${builder}`), rosterOf(round)]);
  const keys = new Set(places.flatMap((text) => [...text.matchAll(KEYS)].map(([, key]) => key)));
  return [...keys].flatMap((key) => readKey(key ?? '') ?? []);
}

/** Reads a public key, base64 of 32 bytes; null where it is none. */
export function readKey(text: string): Uint8Array | null {
  try {
    const key = fromBase64(text.trim());
    return key.length === KEY_BYTES ? key : null;
  } catch (error) {
    if (error instanceof EncodingError) return null;
    throw error;
  }
}

async function rosterOf(round: string | undefined): Promise<string> {
  if (round === undefined) return '';
  const text = await textOf(`/v1/rounds/${round}/attestations`);
  const opens = attestationsIn(text).filter(({ kind }) => kind === 'round-open');
  return opens.map(({ envelope }) => payloadOf(envelope)).join('\n');
}

function attestationsIn(text: string): readonly LoggedAttestation[] {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('attestations' in body)) return [];
    return LoggedAttestation.array().safeParse(body.attestations).data ?? [];
  } catch {
    return [];
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await fetchWhole(path, MAX_BYTES, () => undefined));
  } catch (error) {
    // There may be none: another place has it then, or the reader.
    if (error instanceof Refusal) return '';
    throw error;
  }
}

function payloadOf(envelope: LoggedAttestation['envelope']): string {
  try {
    return new TextDecoder().decode(unverifiedPayload(envelope));
  } catch {
    return '';
  }
}
