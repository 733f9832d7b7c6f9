import {
  parseEnvelope,
  parseStatement,
  readAdminAct,
  readRoundAmend,
  readRoundClose,
  readRoundOpen,
  unverifiedPayload,
  type AdminAct,
} from '#libs/attestation';
import { PersistenceError, type LogEntryEntity } from '#libs/persistence';

/** Entries that can say who had something done; the same stand in the condition of an index. */
export const ACT_KINDS = ['admin-act', 'round-open', 'round-amend', 'round-close'] as const;

type Entry = Pick<LogEntryEntity, 'index' | 'kind' | 'round'>;
type Logged = AdminAct & { readonly index: number };

/**
 * Reads the act that an entry tells of: none where nobody asked for it, as a close at the deadline.
 *
 * @throws PersistenceError LOG_CORRUPT
 */
export function actsIn({ index, kind, round }: Entry, body: string | undefined): readonly Logged[] {
  if (body === undefined) {
    throw new PersistenceError('LOG_CORRUPT', `the act at ${index} is not stored`);
  }
  const statement = parseStatement(unverifiedPayload(parseEnvelope(body)));
  const about = { act: kind, index, subject: `round/${round ?? ''}` };
  switch (ACT_KINDS.find((each) => each === kind)) {
    case 'admin-act':
      return [{ ...readAdminAct(statement), index }];
    case 'round-open': {
      const { by, openedAt, release, proposal } = readRoundOpen(statement);
      const detail = { release: release.name, proposal: proposal?.id ?? null };
      return by === undefined ? [] : [{ ...about, actor: by, detail, at: openedAt }];
    }
    case 'round-amend': {
      const { by, amendedAt, added } = readRoundAmend(statement);
      const builders = added.flatMap((entry) => entry.builders.map(({ builder }) => builder));
      const detail = { added: builders };
      return by === undefined ? [] : [{ ...about, actor: by, detail, at: amendedAt }];
    }
    case 'round-close': {
      const { by, closedAt, reason } = readRoundClose(statement);
      return by === undefined ? [] : [{ ...about, actor: by, detail: { reason }, at: closedAt }];
    }
    case undefined:
      return [];
  }
}
