import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { lockKey, signerFromPem, type Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { formatCosignerVkey } from '#libs/tlog';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';
import { readPassphrase, readSecretKey } from '../keys/secret-key.js';
import { printData, printJson, say } from '../terminal.js';
import { writeNew } from '../write-file.js';

/** Options of `builder init`, as its definition names them. */
export interface InitOptions {
  readonly key: string;
  readonly witnessKey?: string;
  readonly passphraseFile?: string;
  readonly json?: true;
}

/**
 * Makes a builder's key, readable by its owner alone, and prints the builder's entry for a roster. With
 * a file for a witness key makes that one too, and prints its line for a witness policy; a builder's key
 * that is there already is then taken as it is.
 *
 * @throws CommandError usage, above all when a file exists
 */
export async function initBuilder(options: InitOptions): Promise<void> {
  const { key, witnessKey, passphraseFile = null } = options;
  if (witnessKey !== undefined && resolve(witnessKey) === resolve(key)) {
    throw new CommandError(
      EXIT.usage,
      'the witness key needs a file of its own',
      'a key that cosigns the log must sign nothing else',
    );
  }
  const passphrase = passphraseFile === null ? null : await readPassphrase(passphraseFile);
  const isThere = witnessKey !== undefined && existsSync(key);
  const signer = isThere ? await readSecretKey(key, passphraseFile) : createKey(key, passphrase);
  const witness = witnessKey === undefined ? null : createKey(witnessKey, passphrase);
  print(signer, witness, options);
}

function print({ id, publicKey }: Signer, witness: Signer | null, options: InitOptions): void {
  const entry = { builder: id, publicKey: toBase64(publicKey) };
  // The name of the key in signature lines: the coordinator asks the builder of that id.
  const vkey = witness === null ? null : formatCosignerVkey(id, witness.publicKey);
  const policy = `witness ${id} ${vkey ?? ''}`;
  if (options.json === true) {
    printJson({ ...entry, ...(vkey !== null && { witness: { vkey, policy } }) });
  } else {
    printData(JSON.stringify(entry));
    if (vkey !== null) printData(policy);
  }
  say(`the key is in ${options.key}: keep it, and give the line above to the group`);
  if (options.witnessKey === undefined) return;
  say(`the witness key is in ${options.witnessKey}; its line is for the coordinator's tlog-policy`);
}

function createKey(path: string, passphrase: string | null): Signer {
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
