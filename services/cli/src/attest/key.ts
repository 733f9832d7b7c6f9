import type { Signer } from '#libs/attestation';
import { readSecretKey } from '../keys/secret-key.js';

/**
 * Reads the private key to sign with. The passphrase of a locked one is in the file that was named, or
 * else in the one that KEY_PASSPHRASE_FILE names.
 *
 * @throws CommandError usage, with the command that makes a right one
 */
export async function readKey(path: string, passphrasePath: string | null = null): Promise<Signer> {
  return readSecretKey(path, passphrasePath ?? process.env['KEY_PASSPHRASE_FILE'] ?? null);
}
