import {
  legacyLink,
  parseStatement,
  readResult,
  unverifiedPayload,
  type Envelope,
  type LegacyLink,
  type Signer,
} from '#libs/attestation';

/**
 * Makes the in-toto link of the old form that goes with one of our own results; null for a failure,
 * which has no products.
 */
export function resultLink(sealed: Envelope, signer: Signer): LegacyLink | null {
  const result = readResult(parseStatement(unverifiedPayload(sealed)));
  return result.kind === 'built' ? legacyLink(result, signer) : null;
}
