import { open } from 'node:fs/promises';
import { createNativeSigner, readSigner, type Signer } from '#libs/attestation';
import { quote } from '#libs/encoding';
import { ConfigError } from '#libs/platform';
import type { Config } from './config.js';

/** What names the key that this log is signed with. */
export type SigningKeyConfig = Pick<Config, 'SIGNING_KEY_FILE' | 'KEY_PASSPHRASE_FILE'>;

/**
 * Reads the key that signs rounds, verdicts, checkpoints and receipts.
 *
 * @throws ConfigError for what is no key, is locked, is open to others, or cannot be read
 */
export async function readSigningKey(config: SigningKeyConfig): Promise<Signer> {
  const { SIGNING_KEY_FILE: path, KEY_PASSPHRASE_FILE: passphrasePath } = config;
  try {
    return await readKeyOf(path, passphrasePath);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`SIGNING_KEY_FILE ${quote(path)} is not usable: ${reason}`, { cause });
  }
}

/**
 * Reads one of the coordinator's keys. It signs by `node:crypto`: every receipt is a signature.
 *
 * @throws AttestationError BAD_KEY
 */
export function readKeyOf(path: string, passphrasePath: string | undefined): Promise<Signer> {
  const make = createNativeSigner;
  const reader = process.geteuid?.();
  return readSigner(open, { path, passphrasePath: passphrasePath ?? null, make, reader });
}
