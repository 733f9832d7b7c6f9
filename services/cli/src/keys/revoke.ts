import { builderIdOf, keyRevocationStatement, RevocationReason, Time } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { wholeNumber } from '../whole-number.js';
import { finish, type FinishOptions } from './finish.js';
import { inputsOf } from './inputs.js';
import { readOperator, readPublicKey, type OperatorOptions } from './operator.js';
import { readSecretKey } from './secret-key.js';

/** As many as fit the nine digits of a whole number. */
const MOST_ENTRIES = 999_999_999;

/** Options of `builder revoke`, as its definition names them. */
export interface RevokeOptions extends OperatorOptions, FinishOptions {
  readonly key?: string;
  readonly public?: string;
  readonly builder?: string;
  readonly reason: string;
  readonly since?: string;
  readonly sinceIndex?: string;
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
    since: sinceOf(options.since),
    ...sinceIndexOf(options.sinceIndex),
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

/** @throws CommandError usage */
function sinceIndexOf(text: string | undefined): { readonly sinceIndex?: number } {
  if (text === undefined) return {};
  return { sinceIndex: wholeNumber(text, '--since-index', 0, MOST_ENTRIES) };
}

/** @throws CommandError usage */
function sinceOf(text: string | undefined): string {
  if (text === undefined) return new Date().toISOString();
  if (Time.safeParse(text).success) return text;
  throw new CommandError(
    EXIT.usage,
    `--since takes a UTC time such as 2026-11-20T00:00:00Z, not ${JSON.stringify(text)}`,
  );
}
