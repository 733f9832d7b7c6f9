import { fromBase64, toBase64 } from '#libs/encoding';
import { parseEnvelope, type Envelope } from './dsse.js';
import { AttestationError } from './error.js';

const TITLE = 'REPRO-QUORUM ATTESTATION';

/** Writes an envelope as a text block that survives a forum post, a chat and an e-mail. */
export function armor(envelope: Envelope): string {
  const lines = toBase64(Buffer.from(JSON.stringify(envelope))).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${TITLE}-----`, ...lines, `-----END ${TITLE}-----`, ''].join('\n');
}

/**
 * Finds the armoured envelopes of a text: quoting marks, indentation, and dashes that a forum turned
 * into typographic ones do no harm. What was cut or altered is refused, not skipped.
 *
 * @throws AttestationError NO_ARMOR where a block starts and does not end, or is not base64;
 *   MALFORMED_ENVELOPE
 */
export function unarmor(text: string): readonly Envelope[] {
  const pieces = text.split(`BEGIN ${TITLE}`).slice(1);
  return pieces.map((piece) => {
    const end = piece.indexOf(`END ${TITLE}`);
    if (end < 0) {
      throw new AttestationError('NO_ARMOR', `a block begins and never says END ${TITLE}`);
    }
    const body = piece.slice(0, end).replace(/[^A-Za-z0-9+/=]/g, '');
    let json: string;
    try {
      json = Buffer.from(fromBase64(body)).toString('utf8');
    } catch (cause) {
      throw new AttestationError('NO_ARMOR', 'an armoured block was cut or altered', { cause });
    }
    return parseEnvelope(json);
  });
}
