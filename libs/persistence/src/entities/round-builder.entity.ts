import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** One invited builder in one round: a projection of the log, and its last heartbeat. */
@Entity('round_builder')
@Index('round_builder_builder_idx', ['builder', 'invitedAt', 'round'])
@Index('round_builder_operator_idx', ['operator', 'builder', 'invitedAt'])
@Index('round_builder_seated_idx', ['round', 'operator'])
export class RoundBuilderEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'round_builder_pk' })
  round!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'round_builder_pk' })
  builder!: string;

  @Column('text')
  operator!: string;

  /** Where it said that it would not build; null where it did not. A commit takes it back. */
  @Column('bigint', { name: 'decline_index', nullable: true, transformer: safeInteger })
  declineIndex!: number | null;

  @Column('text', { name: 'decline_reason', nullable: true })
  declineReason!: string | null;

  @Column('text', { nullable: true })
  commitment!: string | null;

  @Column('bigint', { name: 'commit_index', nullable: true, transformer: safeInteger })
  commitIndex!: number | null;

  /** Whether it committed at or after the close, be it after the verdict. */
  @Column('boolean', { name: 'is_late', default: false })
  isLate!: boolean;

  @Column('bigint', { name: 'result_index', nullable: true, transformer: safeInteger })
  resultIndex!: number | null;

  @Column('text', { name: 'result_sha256', nullable: true })
  resultSha256!: string | null;

  /** Whether the result opened the counted commit before the verdict. */
  @Column('boolean', { name: 'is_counted', default: false })
  isCounted!: boolean;

  @Column('text', { nullable: true })
  stage!: string | null;

  @Column('real', { nullable: true })
  percent!: number | null;

  /** When its dispatch was written; null in rows from before this was kept. */
  @Column('timestamptz', { name: 'invited_at', nullable: true })
  invitedAt!: Date | null;

  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt!: Date | null;
}
