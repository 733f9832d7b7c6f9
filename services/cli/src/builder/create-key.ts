import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { lockKey, signerFromPem, type Signer } from '#libs/attestation';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';
import { writeNew } from '../write-file.js';

/**
 * Makes a private key in a new file that only its owner can read.
 *
 * @param passphrase locks the key; null for a plain one
 * @throws CommandError usage, above all when the file exists
 */
export function createKey(path: string, passphrase: string | null): Signer {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const lock = { salt: randomBytes(32), nonce: randomBytes(12) };
  const text = passphrase === null ? pem : lockKey(pem, { passphrase, ...lock });
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Never over an existing key: the old one would be lost with everything it signed.
    writeNew(path, text, 0o600);
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CommandError(
      EXIT.usage,
      `cannot write ${path}: ${fileTrouble(cause)}`,
      isThere ? 'a key is never overwritten: name another file, or move the old one away' : null,
      { cause },
    );
  }
  return signerFromPem(pem);
}
