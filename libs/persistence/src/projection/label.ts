import {
  isKeyStatement,
  NAMESPACE,
  readAdminAct,
  readCommit,
  readDecline,
  readKeyEvent,
  readLogSuccession,
  readResult,
  readReveal,
  readRoundAmend,
  readRoundClose,
  readVerdict,
  readVerdictRefusal,
  roundIdOf,
} from '#libs/attestation';
import { quote } from '#libs/encoding';
import type { LogEntryEntity } from '../entities/log-entry.entity.js';
import { PersistenceError } from '../error.js';
import type { LoggedStatement } from './logged-statement.js';

/** What stands beside a leaf so that it is found: a projection of its envelope. */
export type Label = Pick<LogEntryEntity, 'kind' | 'round' | 'builder'>;

/** What has to be known to tell an entry's label. */
export interface LabelContext {
  /** The key of the log and of everything that is the coordinator's own word. */
  readonly coordinator: Uint8Array;
  /** Finds whose key this is in a round's roster: a countersignature does not name its builder. */
  readonly builderOf: (round: string, publicKey: Uint8Array) => string | null;
}

type Read = (logged: LoggedStatement, context: LabelContext) => Label;

const LOG_SUCCESSION = `${NAMESPACE}/log-succession/v1`;
const ADMIN_ACT = `${NAMESPACE}/admin-act/v1`;

/** Tells whether an entry is an administrative act; its statement is read elsewhere. */
export function isAdminAct({ statement }: LoggedStatement): boolean {
  return statement.predicateType === ADMIN_ACT;
}

/** Tells whether an entry is the one that says which log went before. */
export function beginsLog({ index, statement }: LoggedStatement): boolean {
  return index === 0 && statement.predicateType === LOG_SUCCESSION;
}

const result: Read = ({ statement }) => ({ kind: 'result', ...addressOf(readResult(statement)) });

const READERS: Readonly<Record<string, Read>> = {
  [`${NAMESPACE}/round-open/v1`]: ({ payload }) => ({
    ...{ kind: 'round-open', round: roundIdOf(payload), builder: null },
  }),
  [`${NAMESPACE}/round-amend/v1`]: ({ statement }) => ({
    ...{ kind: 'round-amend', round: readRoundAmend(statement).round, builder: null },
  }),
  [`${NAMESPACE}/decline/v1`]: ({ statement }) => ({
    ...{ kind: 'decline', ...addressOf(readDecline(statement)) },
  }),
  [`${NAMESPACE}/commit/v1`]: ({ statement }) => ({
    ...{ kind: 'commit', ...addressOf(readCommit(statement)) },
  }),
  [`${NAMESPACE}/round-close/v1`]: ({ statement }) => ({
    ...{ kind: 'round-close', round: readRoundClose(statement).round, builder: null },
  }),
  'https://slsa.dev/provenance/v1': result,
  'https://in-toto.io/attestation/test-result/v0.1': result,
  [`${NAMESPACE}/reveal/v1`]: ({ statement }) => ({
    ...{ kind: 'reveal', ...addressOf(readReveal(statement)) },
  }),
  'https://slsa.dev/verification_summary/v1': ({ statement, publicKey }, context) => {
    const { round } = readVerdict(statement);
    if (Buffer.from(publicKey).equals(context.coordinator)) {
      return { kind: 'verdict', round, builder: null };
    }
    return { kind: 'countersignature', round, builder: context.builderOf(round, publicKey) };
  },
  [`${NAMESPACE}/verdict-refusal/v1`]: ({ statement }) => ({
    ...{ kind: 'refusal', ...addressOf(readVerdictRefusal(statement)) },
  }),
  [LOG_SUCCESSION]: ({ statement }) => {
    readLogSuccession(statement);
    return { kind: 'log-succession', round: null, builder: null };
  },
  [ADMIN_ACT]: ({ statement }) => {
    readAdminAct(statement);
    return { kind: 'admin-act', round: null, builder: null };
  },
};

/**
 * Tells from what was signed alone what the columns beside a leaf have to say.
 *
 * @throws PersistenceError LOG_CORRUPT for a statement that no log of ours holds
 * @throws AttestationError of the statement's reader
 */
export function labelOf(logged: LoggedStatement, context: LabelContext): Label {
  const { statement } = logged;
  if (isKeyStatement(statement)) {
    return { kind: 'key', round: null, builder: readKeyEvent(statement).said.builder };
  }
  const { predicateType } = statement;
  const read = Object.hasOwn(READERS, predicateType) ? READERS[predicateType] : undefined;
  if (read !== undefined) return read(logged, context);
  throw new PersistenceError('LOG_CORRUPT', `${quote(predicateType)} is nothing that a log holds`);
}

function addressOf({ round, builder }: { round: string | null; builder: string }): {
  round: string | null;
  builder: string;
} {
  return { round, builder };
}
