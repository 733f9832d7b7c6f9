import { open } from 'node:fs/promises';
import {
  passphraseFromFile,
  signerFromKeyFile,
  type KeyFile,
  type Signer,
} from '#libs/attestation';

/**
 * Reads a private key; the passphrase of a locked one is in a file of its own, never in an argument,
 * which every process of the machine could read.
 *
 * @throws AttestationError BAD_KEY for what is no key, is locked, or is open to others
 */
export async function readSigner(path: string, passphrasePath?: string): Promise<Signer> {
  const passphrase =
    passphrasePath === undefined ? null : passphraseFromFile(await readKeyFile(passphrasePath));
  return signerFromKeyFile(await readKeyFile(path), passphrase);
}

/** Mode and text are of one opened file: nobody can change it for another in between. */
async function readKeyFile(path: string): Promise<KeyFile> {
  const file = await open(path, 'r');
  try {
    const { mode } = await file.stat();
    return { path, mode, text: await file.readFile('utf8') };
  } finally {
    await file.close();
  }
}
