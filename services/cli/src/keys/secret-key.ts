import { open } from 'node:fs/promises';
import {
  AttestationError,
  readNatsSigner,
  readPassphrase as readPassphraseFile,
  readSigner,
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
  return usable(path, readSigner(open, { path, passphrasePath }));
}

/**
 * Reads a passphrase from a file of its own: in an argument every process could read it.
 *
 * @throws CommandError usage
 */
export async function readPassphrase(path: string): Promise<string> {
  return usable(path, readPassphraseFile(open, path));
}

/**
 * Reads the key that a builder logs in to NATS with: the seed of a NATS user, or as any other key.
 *
 * @throws CommandError usage
 */
export async function readNatsKey(path: string, passphrasePath: string | null): Promise<Signer> {
  return usable(path, readNatsSigner(open, { path, passphrasePath }));
}

async function usable<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const said =
      cause instanceof AttestationError
        ? `${path}: ${cause.message}`
        : `cannot read ${pathOf(cause) ?? path}: ${fileTrouble(cause)}`;
    throw new CommandError(EXIT.usage, said, null, { cause });
  }
}

/** Of two files the one that was in the way. */
function pathOf(cause: unknown): string | null {
  const { path } = cause as NodeJS.ErrnoException;
  return path ?? null;
}
