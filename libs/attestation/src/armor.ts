import { fromBase64, sha256, toBase64 } from '#libs/encoding';
import { parseEnvelope, type Envelope } from './dsse.js';
import { AttestationError } from './error.js';

const TITLE = 'REPRO-QUORUM ATTESTATION';
const BEGIN = /BEGIN\s+REPRO\p{Pd}QUORUM\s+ATTESTATION/u;
const END = /END\s+REPRO\p{Pd}QUORUM\s+ATTESTATION/u;
const MARKUP = /<[^<>]{0,200}>|&#?\w{1,8};/g;

/**
 * Writes an envelope as a text block that survives a forum post, a chat and an e-mail. Its last line
 * is a checksum: the signature alone could not tell a cut block from a forged one.
 */
export function armor(envelope: Envelope): string {
  const json = JSON.stringify(envelope);
  const lines = toBase64(Buffer.from(json)).match(/.{1,64}/g) ?? [];
  return [
    `-----BEGIN ${TITLE}-----`,
    ...lines,
    `=${checksumOf(json)}`,
    `-----END ${TITLE}-----`,
    '',
  ].join('\n');
}

/**
 * Finds the armoured envelopes of a text: quoting marks, indentation, dashes that a forum turned
 * into typographic ones, and the tags of a saved page do no harm. What was cut or altered is refused,
 * not skipped.
 *
 * @throws AttestationError NO_ARMOR where a block starts and does not end, or was cut or altered;
 *   MALFORMED_ENVELOPE
 */
export function unarmor(text: string): readonly Envelope[] {
  return text.split(BEGIN).slice(1).map(readBlock);
}

function readBlock(piece: string): Envelope {
  const end = piece.search(END);
  if (end < 0) {
    throw new AttestationError('NO_ARMOR', `a block begins and never says END ${TITLE}`);
  }
  const body = piece
    .slice(0, end)
    .replace(MARKUP, '')
    .replace(/[^A-Za-z0-9+/=]/g, '');
  let json: string;
  try {
    json = Buffer.from(fromBase64(body.slice(0, -9))).toString('utf8');
  } catch (cause) {
    throw new AttestationError('NO_ARMOR', 'an armoured block was cut or altered', { cause });
  }
  if (body.slice(-9) !== `=${checksumOf(json)}`) {
    throw new AttestationError('NO_ARMOR', 'an armoured block was cut or altered');
  }
  return parseEnvelope(json);
}

function checksumOf(json: string): string {
  return toBase64(Buffer.from(sha256(json), 'hex').subarray(0, 6));
}
