import {
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
  statementKind,
  type StatementKind,
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

/** Tells whether an entry is an administrative act; its statement is read elsewhere. */
export function isAdminAct({ statement }: LoggedStatement): boolean {
  return statementKind(statement) === 'admin-act';
}

/** Tells whether an entry is the one that says which log went before. */
export function beginsLog({ index, statement }: LoggedStatement): boolean {
  return index === 0 && statementKind(statement) === 'log-succession';
}

const READERS: Readonly<Record<StatementKind, Read>> = {
  key: ({ statement }) => ({
    ...{ kind: 'key', round: null, builder: readKeyEvent(statement).said.builder },
  }),
  'round-open': ({ payload }) => ({
    ...{ kind: 'round-open', round: roundIdOf(payload), builder: null },
  }),
  'round-amend': ({ statement }) => ({
    ...{ kind: 'round-amend', round: readRoundAmend(statement).round, builder: null },
  }),
  decline: ({ statement }) => ({
    ...{ kind: 'decline', ...addressOf(readDecline(statement)) },
  }),
  commit: ({ statement }) => ({
    ...{ kind: 'commit', ...addressOf(readCommit(statement)) },
  }),
  'round-close': ({ statement }) => ({
    ...{ kind: 'round-close', round: readRoundClose(statement).round, builder: null },
  }),
  result: ({ statement }) => ({
    ...{ kind: 'result', ...addressOf(readResult(statement)) },
  }),
  reveal: ({ statement }) => ({
    ...{ kind: 'reveal', ...addressOf(readReveal(statement)) },
  }),
  verdict: ({ statement, publicKey }, context) => {
    const { round } = readVerdict(statement);
    if (Buffer.from(publicKey).equals(context.coordinator)) {
      return { kind: 'verdict', round, builder: null };
    }
    return { kind: 'countersignature', round, builder: context.builderOf(round, publicKey) };
  },
  refusal: ({ statement }) => ({
    ...{ kind: 'refusal', ...addressOf(readVerdictRefusal(statement)) },
  }),
  'log-succession': ({ statement }) => {
    readLogSuccession(statement);
    return { kind: 'log-succession', round: null, builder: null };
  },
  'admin-act': ({ statement }) => {
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
  const kind = statementKind(logged.statement);
  if (kind !== null) return READERS[kind](logged, context);
  const type = quote(logged.statement.predicateType);
  throw new PersistenceError('LOG_CORRUPT', `${type} is nothing that a log holds`);
}

function addressOf({ round, builder }: { round: string | null; builder: string }): {
  round: string | null;
  builder: string;
} {
  return { round, builder };
}
