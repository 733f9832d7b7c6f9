import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { formatCosignerVkey } from '#libs/tlog';
import { CommandError, EXIT } from '../exit.js';
import { readPassphrase, readSecretKey } from '../keys/secret-key.js';
import { printData, printJson, say } from '../terminal.js';
import { createKey } from './create-key.js';

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
