import { open } from 'node:fs/promises';
import {
  AttestationError,
  createSigner,
  natsSeedBytes,
  passphraseFromFile,
  signerFromKeyFile,
  type KeyFile,
  type Signer,
} from '#libs/attestation';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';

/**
 * Reads a private key that nobody but its owner can read: PEM, or locked by a passphrase.
 *
 * @param passphrasePath file that holds the passphrase; null where none was named
 * @throws CommandError usage
 */
export async function readSecretKey(path: string, passphrasePath: string | null): Promise<Signer> {
  const file = await readKeyFile(path);
  const passphrase = passphrasePath === null ? null : await readPassphrase(passphrasePath);
  return usable(path, () => signerFromKeyFile(file, passphrase));
}

/**
 * Reads a passphrase from a file of its own: in an argument every process could read it.
 *
 * @throws CommandError usage
 */
export async function readPassphrase(path: string): Promise<string> {
  const file = await readKeyFile(path);
  return usable(path, () => passphraseFromFile(file));
}

/**
 * Reads the key that a builder logs in to NATS with: the seed of a NATS user, or as any other key.
 *
 * @throws CommandError usage
 */
export async function readNatsKey(path: string, passphrasePath: string | null): Promise<Signer> {
  const { text, mode } = await readKeyFile(path);
  if (!/^SU[A-Z2-7]+\s*$/.test(text)) return readSecretKey(path, passphrasePath);
  if ((mode & 0o077) !== 0) {
    throw new CommandError(
      EXIT.usage,
      `the NATS seed in ${path} is open to others`,
      `\`chmod 600 ${path}\``,
    );
  }
  return usable(path, () => createSigner(natsSeedBytes(text.trim())));
}

function usable<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    throw new CommandError(EXIT.usage, `${path}: ${cause.message}`, null, { cause });
  }
}

/** Mode and text are of one opened file: nobody can change it for another in between. */
async function readKeyFile(path: string): Promise<KeyFile> {
  try {
    const file = await open(path, 'r');
    try {
      const { mode } = await file.stat();
      return { path, mode, text: await file.readFile('utf8') };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new CommandError(EXIT.usage, `cannot read ${path}: ${fileTrouble(cause)}`, null, {
      cause,
    });
  }
}
