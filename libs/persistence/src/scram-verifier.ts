import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** PostgreSQL's own number, which a client may be asked for at every connection. */
const ITERATIONS = 4096;

/**
 * What PostgreSQL keeps of a password: enough to check it, not to sign in with it.
 * Source: RFC 5802 section 3; PostgreSQL, catalog `pg_authid`.
 *
 * @param password ASCII that is printed; what else there is would have to be prepared first (RFC 4013)
 * @param salt 16 bytes of chance
 */
export function scramVerifier(password: string, salt: Uint8Array): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const keyOf = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  const salt64 = Buffer.from(salt).toString('base64');
  const serverKey = keyOf('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt64}$${storedKey}:${serverKey}`;
}
