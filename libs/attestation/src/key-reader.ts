import {
  natsSignerFromKeyFile,
  passphraseFromFile,
  signerFromKeyFile,
  type KeyFile,
} from './key-file.js';
import type { MakeSigner, Signer } from './signer.js';

/** A file that is open for reading, such as a `FileHandle` of `node:fs/promises`. */
export interface OpenedFile {
  stat(): Promise<{ readonly mode: number; readonly uid?: number }>;
  readFile(encoding: 'utf8'): Promise<string>;
  close(): Promise<void>;
}

/** Opens a file for reading: `open` of `node:fs/promises`. The disk is an argument here. */
export type OpenFile = (path: string, flags: 'r') => Promise<OpenedFile>;

/** Which private key is to be read. */
export interface KeyPlace {
  readonly path: string;
  /** File with the passphrase, should the key be locked; null where none was named. */
  readonly passphrasePath: string | null;
  /** What makes the signer of the seed; `createSigner` by default. */
  readonly make?: MakeSigner;
  /**
   * User id of this process. With it, a key is taken that root hands to a service: see
   * `signerFromKeyFile`. Without it, a key is its owner's alone.
   */
  readonly reader?: number | undefined;
}

/**
 * Reads a private key: the one way in which agent, coordinator and command line do. The passphrase of
 * a locked key is in a file of its own, never in an argument, which every process of the machine
 * could read.
 *
 * @throws AttestationError BAD_KEY for what is no key, is locked, or is open to others
 * @throws whatever `open` throws
 */
export async function readSigner(open: OpenFile, place: KeyPlace): Promise<Signer> {
  const [file, passphrase] = await readBoth(open, place);
  return signerFromKeyFile(file, passphrase, place.make);
}

/**
 * Reads the key that a builder logs in to NATS with: the seed of a NATS user, or as any other key.
 *
 * @throws as {@link readSigner}
 */
export async function readNatsSigner(
  open: OpenFile,
  place: Omit<KeyPlace, 'make'>,
): Promise<Signer> {
  const [file, passphrase] = await readBoth(open, place);
  return natsSignerFromKeyFile(file, passphrase);
}

/**
 * Reads a passphrase from its file, or another secret that is its owner's alone.
 *
 * @param what the secret, for messages
 * @throws AttestationError BAD_KEY when it is empty, or open to others
 * @throws whatever `open` throws
 */
export async function readPassphrase(
  open: OpenFile,
  path: string,
  reader?: number,
  what = 'passphrase',
): Promise<string> {
  return passphraseFromFile(await readKeyFile(open, path, reader), what);
}

async function readBoth(
  open: OpenFile,
  { path, passphrasePath, reader }: Omit<KeyPlace, 'make'>,
): Promise<readonly [KeyFile, string | null]> {
  const file = await readKeyFile(open, path, reader);
  return [
    file,
    passphrasePath === null ? null : await readPassphrase(open, passphrasePath, reader),
  ];
}

/** Mode, owner and text are of one opened file: nobody can change it for another in between. */
async function readKeyFile(
  open: OpenFile,
  path: string,
  reader: number | undefined,
): Promise<KeyFile> {
  const file = await open(path, 'r');
  try {
    const { mode, uid: owner } = await file.stat();
    return { path, mode, owner, reader, text: await file.readFile('utf8') };
  } finally {
    await file.close();
  }
}
