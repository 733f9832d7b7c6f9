import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 6;
const SECRET_BYTES = 32;

/** Makes a token that nobody can guess. */
export function makeTokenText(): string {
  const [id, secret] = [randomBytes(ID_BYTES), randomBytes(SECRET_BYTES)];
  return `rqt_${id.toString('hex')}_${secret.toString('hex')}`;
}

/** Gives what is stored of a token. */
export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** Compares a token with what is stored, in the same time whatever they have in common. */
export function isToken(token: string, stored: Uint8Array): boolean {
  const digest = tokenDigest(token);
  return stored.length === digest.length && timingSafeEqual(stored, digest);
}
