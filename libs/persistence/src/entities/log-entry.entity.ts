import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** What an entry of the log says of its round. */
export type LogEntryKind =
  | 'round-open'
  | 'round-amend'
  | 'commit'
  | 'round-close'
  | 'result'
  | 'reveal'
  | 'verdict'
  | 'countersignature'
  | 'refusal'
  | 'key'
  | 'log-succession';

/** One leaf of the transparency log. */
@Entity('log_entry')
@Index('log_entry_round_idx', ['round', 'index'])
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

  /** Null for what is about no round: the life of a key, and which log went before. */
  @Column('text', { nullable: true })
  round!: string | null;

  @Column('text', { nullable: true })
  builder!: string | null;
}
