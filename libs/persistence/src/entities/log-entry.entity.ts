import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** What an entry of the log says of its round. */
export type LogEntryKind =
  | 'round-open'
  | 'round-amend'
  | 'decline'
  | 'commit'
  | 'round-close'
  | 'result'
  | 'reveal'
  | 'verdict'
  | 'countersignature'
  | 'refusal'
  | 'key'
  | 'log-succession'
  | 'admin-act';

/** One leaf of the transparency log. */
@Entity('log_entry')
@Index('log_entry_round_idx', ['round', 'index'])
@Index('log_entry_builder_idx', ['builder', 'index'], { where: '"builder" IS NOT NULL' })
// Of the two kinds that most entries are, a short way back finds enough.
@Index('log_entry_kind_idx', ['kind', 'index'], {
  where: `"kind" <> 'commit' AND "kind" <> 'result'`,
})
@Index('log_entry_logged_idx', ['loggedAt', 'index'])
// Each of them is read on its own, and of neither may the other one's number be felt.
@Index('log_entry_key_idx', ['index'], { where: `"kind" = 'key'` })
@Index('log_entry_act_idx', ['index'], {
  where: `"kind" = ANY (ARRAY['admin-act', 'round-open', 'round-amend', 'round-close'])`,
})
export class LogEntryEntity {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'log_entry_pk', transformer: safeInteger })
  index!: number;

  /** The bytes that were hashed into the leaf. */
  @Column('bytea')
  entry!: Buffer;

  @Column('bytea', { name: 'leaf_hash' })
  leafHash!: Buffer;

  @Index('log_entry_envelope_uq', { unique: true })
  @Column('text', { name: 'envelope_sha256' })
  envelopeSha256!: string;

  @Column('text')
  kind!: LogEntryKind;

  /** Null for what is about no round: the life of a key, administrative acts, which log went before. */
  @Column('text', { nullable: true })
  round!: string | null;

  @Column('text', { nullable: true })
  builder!: string | null;

  /** By the coordinator's clock, never before the entry below it; null where it was not kept. No evidence. */
  @Column('timestamptz', { name: 'logged_at', nullable: true })
  loggedAt!: Date | null;
}
