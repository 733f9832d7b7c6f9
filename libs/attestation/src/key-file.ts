import { AttestationError } from './error.js';
import { isLockedKey, unlockKey } from './key-lock.js';
import { natsSeedBytes } from './nats-key.js';
import { createSigner, signerFromPem, type MakeSigner, type Signer } from './signer.js';

/** A private key's file, as it was read. */
export interface KeyFile {
  readonly path: string;
  readonly text: string;
  /** `st_mode` of the very file that was read. */
  readonly mode: number;
  /** `st_uid` of the same; undefined where nobody told. */
  readonly owner?: number | undefined;
  /** User id of the process that reads; undefined takes nothing but its owner's own files. */
  readonly reader?: number | undefined;
}

/** Where a passphrase is, in words for who has to give one. */
const HINT = 'name the file that holds its passphrase: KEY_PASSPHRASE_FILE, or --passphrase-file';

/**
 * Makes a signer of a private key's file: PKCS#8 PEM, or a key that `lockKey` locked. A key that
 * others than its owner can read or write is refused, though it is one; but for what the machine's
 * root hands to a service, as systemd and Kubernetes do: owned by root, readable by a group, read by
 * somebody else.
 *
 * @param passphrase null where none was given; not looked at for a key that is not locked
 * @param make what makes the signer of the seed
 * @throws AttestationError BAD_KEY, for a file that is open to others with the command that mends it
 * Source: PostgreSQL 15 manual, 19.9.1, has the same rule for a server's key; systemd.exec(5),
 * LoadCredential
 */
export function signerFromKeyFile(
  file: KeyFile,
  passphrase: string | null,
  make: MakeSigner = createSigner,
): Signer {
  const signer = signerFromPem(pemOf(file, passphrase), make);
  checkMode(file, 'private key');
  return signer;
}

/**
 * Makes a signer of the file of a NATS key: the seed of a user as nkeys writes it, or as any other key.
 *
 * @throws AttestationError BAD_KEY as {@link signerFromKeyFile}
 */
export function natsSignerFromKeyFile(file: KeyFile, passphrase: string | null): Signer {
  if (!/^SU[A-Z2-7]+\s*$/.test(file.text)) return signerFromKeyFile(file, passphrase);
  const signer = createSigner(natsSeedBytes(file.text.trim()));
  checkMode(file, 'NATS seed');
  return signer;
}

/**
 * Gives the passphrase in a file, or another secret: its text without the line end that editors add.
 *
 * @param what the secret, for messages
 * @throws AttestationError BAD_KEY when it is empty, or open to others
 */
export function passphraseFromFile(file: KeyFile, what = 'passphrase'): string {
  checkMode(file, what);
  const passphrase = file.text.replace(/\r?\n$/, '');
  if (passphrase !== '') return passphrase;
  throw new AttestationError('BAD_KEY', `the ${what} in ${file.path} is empty`);
}

function pemOf({ path, text }: KeyFile, passphrase: string | null): string {
  if (isLockedKey(text)) {
    if (passphrase !== null) return unlockKey(text, passphrase);
    throw new AttestationError('BAD_KEY', `the key in ${path} is locked: ${HINT}`);
  }
  if (!text.includes('-----BEGIN ENCRYPTED')) return text;
  // OpenSSL's own encryption derives its key by PBKDF2, within reach of who guesses.
  throw new AttestationError(
    'BAD_KEY',
    `the key in ${path} is encrypted by openssl, which is not read here: decrypt it with \`openssl pkey -in ${path} -out FILE\``,
  );
}

function checkMode(file: KeyFile, what: string): void {
  const { path, mode } = file;
  if ((mode & 0o077) === 0 || isHandedOver(file)) return;
  const found = (mode & 0o777).toString(8).padStart(4, '0');
  throw new AttestationError(
    'BAD_KEY',
    `the ${what} in ${path} is open to others (mode ${found}, expected 0600): \`chmod 600 ${path}\``,
  );
}

/**
 * A service does not own what root hands to it, and reads it as member of a group, or by an ACL whose
 * mask stands in the group's bits. Who could change such a file is root alone. A reader that is root
 * needs no group: then the bits are somebody's mistake.
 */
function isHandedOver({ mode, owner, reader }: KeyFile): boolean {
  return owner === 0 && reader !== undefined && reader !== 0 && (mode & 0o037) === 0;
}
