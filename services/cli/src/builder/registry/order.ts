import { randomBytes } from 'node:crypto';
import {
  builderOrderStatement,
  keyRevocationStatement,
  signStatement,
  type BuilderOrderKind,
  type Envelope,
  type RevocationReason,
  type Signer,
} from '#libs/attestation';
import { BuilderView, Ordered, ROUTES, type SignedOrder } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { doubtOf, type DoubtOptions } from '../../keys/doubt.js';
import { readBack } from '../../keys/finish.js';
import { readLabel } from '../../keys/operator.js';
import { readSecretKey } from '../../keys/secret-key.js';
import type { Api } from '../../round/api.js';
import { apiOf, type AskOptions } from '../../round/api-of.js';
import { idsIn } from '../../round/builder-ids.js';
import { printJson, say } from '../../terminal.js';
import { askCoordinatorLog } from './coordinator-key.js';

/** Options of `builder pause|resume|drain|retire` and, with a builder's id, `revoke`. */
export interface OrderOptions extends AskOptions, DoubtOptions {
  readonly reason?: string;
  readonly operatorKey?: string;
  readonly passphraseFile?: string;
}

/**
 * Orders something of a builder: by the operator's own signature where its key is given, else as the
 * group, by an access token.
 *
 * @throws CommandError with the exit code that the failure means
 */
export async function orderBuilder(
  order: BuilderOrderKind,
  id: string,
  options: OrderOptions,
): Promise<void> {
  const [builder = id] = idsIn(id);
  const api = apiOf(options);
  const reason = options.reason === undefined ? null : readLabel(options.reason, '--reason');
  const ordered =
    options.operatorKey === undefined
      ? await api.post(
          `${ROUTES.builders}/${builder}/${order}`,
          reason === null ? {} : { reason },
          Ordered,
        )
      : await obey(
          api,
          { order, builder, reason, doubt: doubtOf(options) },
          await signerOf(options.operatorKey, options),
        );
  const was = ordered.isChanged ? 'is' : 'was';
  say(`builder ${builder} ${was} ${ordered.status}${ordered.isChanged ? '' : ' already'}`);
  if (options.json === true) printJson(ordered);
}

interface Wanted {
  readonly order: BuilderOrderKind;
  readonly builder: string;
  readonly reason: string | null;
  /** What a revocation says of its key. */
  readonly doubt: ReturnType<typeof doubtOf>;
}

async function obey(
  api: Api,
  { order, builder, reason, doubt }: Wanted,
  signer: Signer,
): Promise<Ordered> {
  const { origin } = await askCoordinatorLog(api);
  const view = await api.get(`${ROUTES.builders}/${builder}`, BuilderView);
  const operator = { ...view.operator, id: signer.id, publicKey: toBase64(signer.publicKey) };
  const statement = builderOrderStatement({
    ...{ coordinator: origin, operator, builder, order, reason: reason ?? order },
    ...{ nonce: randomBytes(16).toString('hex'), at: new Date().toISOString() },
  });
  const signed: SignedOrder = {
    order: signStatement(statement, signer),
    ...(order === 'revoke' && {
      revocation: revocationOf(view, { operator, reason, doubt }, signer),
    }),
  };
  return api.post(ROUTES.orders, signed, Ordered);
}

/** A builder that is revoked for ever has no use for its key: auditors see it end in the log. */
function revocationOf(
  { builder, publicKey: key }: BuilderView,
  { operator, reason, doubt }: Pick<Wanted, 'reason' | 'doubt'> & Pick<BuilderView, 'operator'>,
  signer: Signer,
): Envelope {
  const REASONS: readonly string[] = ['compromised', 'lost', 'retired', 'superseded'];
  const why = (REASONS.includes(reason ?? '') ? reason : 'retired') as RevocationReason;
  const statement = keyRevocationStatement({ operator, builder, key, reason: why, ...doubt });
  readBack(statement);
  return signStatement(statement, signer);
}

async function signerOf(path: string, { passphraseFile }: OrderOptions): Promise<Signer> {
  return readSecretKey(path, passphraseFile ?? null);
}
