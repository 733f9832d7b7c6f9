import { builderIdOf, keyRotationStatement, proveRotation, type Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { say } from '../terminal.js';
import { finish, type FinishOptions } from './finish.js';
import { inputsOf } from './inputs.js';
import { readNewKeys, type NewKeyOptions } from './new-keys.js';
import { readLabel, readOperator, readPublicKey, type OperatorOptions } from './operator.js';
import { periodOf } from './period.js';
import { readSecretKey } from './secret-key.js';

/** Options of `builder rotate`, as its definition names them. */
export interface RotateOptions extends OperatorOptions, NewKeyOptions, FinishOptions {
  readonly oldKey?: string;
  readonly oldPublic?: string;
  readonly builder?: string;
  readonly reason: string;
  readonly validDays?: string;
}

/**
 * Makes the record that gives a builder new keys: the old key agrees, where it is at hand, and so do
 * the new ones; the operator signs it.
 *
 * @throws CommandError usage
 */
export async function rotateBuilder(options: RotateOptions): Promise<void> {
  const { operator, signer } = await readOperator(options);
  const old = await readOld(options);
  const { signers, keys } = await readNewKeys(options);
  const claim = {
    ...{ operator, keys, ...periodOf(options.validDays, new Date()) },
    builder: options.builder ?? builderIdOf(old.publicKey),
    oldKey: toBase64(old.publicKey),
    reason: readLabel(options.reason, '--reason'),
  };
  const statement = keyRotationStatement(proveRotation(claim, { ...signers, old: old.signer }));
  await finish({ statement, signer, inputs: inputsOf(options) }, options);
  say(
    `once the record is in the log, start the agent with the new keys and BUILDER_ID=${claim.builder}`,
  );
}

/** @throws CommandError usage */
async function readOld({
  oldKey,
  oldPublic,
  passphraseFile,
}: RotateOptions): Promise<{ publicKey: Uint8Array; signer: Signer | null }> {
  if ((oldKey === undefined) === (oldPublic === undefined)) {
    throw new CommandError(
      EXIT.usage,
      'name the key that ends by --old-key FILE or by --old-public KEY, one of them',
      '--old-public is for a key that is lost or stolen, and counts once it was revoked',
    );
  }
  if (oldKey === undefined) {
    return { publicKey: readPublicKey(oldPublic ?? '', '--old-public'), signer: null };
  }
  const signer = await readSecretKey(oldKey, passphraseFile ?? null);
  return { publicKey: signer.publicKey, signer };
}
