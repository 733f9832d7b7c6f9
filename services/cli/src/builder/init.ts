import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { signerFromPem } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';
import { printData, printJson, say } from '../terminal.js';
import { writeNew } from '../write-file.js';

/** Options of `builder init`, as its definition names them. */
export interface InitOptions {
  readonly key: string;
  readonly json?: true;
}

/**
 * Makes a builder's key, readable by its owner alone, and prints the builder's entry for a roster.
 *
 * @throws CommandError usage, above all when the file exists
 */
export function initBuilder({ key, json }: InitOptions): void {
  const pem = createKey(key);
  const signer = signerFromPem(pem);
  const entry = { builder: signer.id, publicKey: toBase64(signer.publicKey) };
  if (json === true) printJson(entry);
  else printData(JSON.stringify(entry));
  say(`the key is in ${key}: keep it, and give the line above to the group`);
}

function createKey(path: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Never over an existing key: the old one would be lost with everything it signed.
    writeNew(path, pem, 0o600);
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CommandError(
      EXIT.usage,
      `cannot write ${path}: ${fileTrouble(cause)}`,
      isThere ? 'a key is never overwritten: name another file, or move the old one away' : null,
      { cause },
    );
  }
  return pem;
}
