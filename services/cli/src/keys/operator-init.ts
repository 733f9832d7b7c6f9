import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockKey, signerFromPem } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';
import { printData, printJson, say } from '../terminal.js';
import { writeNew } from '../write-file.js';
import { readPassphrase } from './secret-key.js';

/** Options of `operator init`, as its definition names them. */
export interface OperatorInitOptions {
  readonly out: string;
  readonly passphraseFile?: string;
  readonly json?: true;
}

/**
 * Makes an operator's key, readable by its owner alone, and prints its line for a roster.
 *
 * @throws CommandError usage, above all when there is one already
 */
export async function initOperator({
  out,
  passphraseFile,
  json,
}: OperatorInitOptions): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const passphrase = passphraseFile === undefined ? null : await readPassphrase(passphraseFile);
  const path = join(out, 'operator-key.pem');
  write(out, path, passphrase === null ? pem : locked(pem, passphrase));
  const { id, publicKey } = signerFromPem(pem);
  const entry = { operator: id, publicKey: toBase64(publicKey) };
  if (json === true) printJson(entry);
  else printData(JSON.stringify(entry));
  say(`the key is in ${path}: keep a copy, nothing else can replace your builders' keys`);
  say('give the line above to the group; it may call you by a shorter name than your id');
}

function locked(pem: string, passphrase: string): string {
  return `${lockKey(pem, { passphrase, salt: randomBytes(32), nonce: randomBytes(12) })}\n`;
}

function write(folder: string, path: string, text: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Never over an existing key: the old one would be lost with every builder that it answers for.
    writeNew(path, text, 0o600);
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CommandError(
      EXIT.usage,
      `cannot write ${path}: ${fileTrouble(cause)}`,
      isThere
        ? 'a key is never overwritten: go on with that one by --operator-key, or name another folder by --out'
        : null,
      { cause },
    );
  }
}
