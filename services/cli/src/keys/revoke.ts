import { builderIdOf, keyRevocationStatement, RevocationReason } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { doubtOf, type DoubtOptions } from './doubt.js';
import { finish, type FinishOptions } from './finish.js';
import { inputsOf } from './inputs.js';
import { readOperator, readPublicKey, type OperatorOptions } from './operator.js';
import { readSecretKey } from './secret-key.js';

/** Options of `builder revoke`, as its definition names them. */
export interface RevokeOptions extends OperatorOptions, FinishOptions, DoubtOptions {
  readonly key?: string;
  readonly public?: string;
  readonly builder?: string;
  readonly reason: string;
}

/**
 * Makes the record that ends a builder's key. The operator alone signs it: a stolen key has no say.
 *
 * @throws CommandError usage
 */
export async function revokeBuilder(options: RevokeOptions): Promise<void> {
  const { operator, signer } = await readOperator(options);
  const publicKey = await readEnded(options);
  const statement = keyRevocationStatement({
    operator,
    builder: options.builder ?? builderIdOf(publicKey),
    key: toBase64(publicKey),
    reason: RevocationReason.parse(options.reason),
    ...doubtOf(options),
  });
  await finish({ statement, signer, inputs: inputsOf(options) }, options);
}

/** @throws CommandError usage */
async function readEnded({ key, public: text, passphraseFile }: RevokeOptions) {
  if ((key === undefined) === (text === undefined)) {
    throw new CommandError(
      EXIT.usage,
      'name the key that ends by --key FILE or by --public KEY, one of them',
      'every enrolment and rotation in `GET /v1/keys` has the attestation key that it brought',
    );
  }
  if (key === undefined) return readPublicKey(text ?? '', '--public');
  return (await readSecretKey(key, passphraseFile ?? null)).publicKey;
}
