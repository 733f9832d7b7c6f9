import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** A round: a projection of the log that makes the next step quick. */
@Entity('round')
@Index('round_due_idx', ['phase', 'dueAt'])
@Index('round_release_idx', ['release', 'openedAt', 'id'])
@Index('round_proposal_idx', ['proposalId', 'openedAt', 'id'])
@Index('round_phase_idx', ['phase', 'openedAt', 'id'])
@Index('round_opened_idx', ['openedAt', 'id'])
// Of an expression, which an entity cannot tell: rounds by the groups that they were opened for.
@Index('round_groups_idx', { synchronize: false })
export class RoundEntity {
  /** Digest of the RoundOpen payload. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'round_pk' })
  id!: string;

  /** Name of the release, such as `ic/<commit>`. */
  @Column('text')
  release!: string;

  @Column('text', { name: 'proposal_id', nullable: true })
  proposalId!: string | null;

  /** The RoundOpen predicate. */
  @Column('jsonb')
  open!: object;

  /** Everybody who was ever invited, once builders were added; null while RoundOpen says it all. */
  @Column('jsonb', { nullable: true })
  roster!: object | null;

  @Column('text')
  phase!: 'open' | 'revealing' | 'final';

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  /** When the coordinator acts even if builders are missing: the close, then the verdict. */
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt!: Date | null;

  @Column('text', { name: 'close_reason', nullable: true })
  closeReason!: string | null;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  decidedAt!: Date | null;

  @Column('bigint', { name: 'open_index', transformer: safeInteger })
  openIndex!: number;

  @Column('bigint', { name: 'close_index', nullable: true, transformer: safeInteger })
  closeIndex!: number | null;

  @Column('bigint', { name: 'verdict_index', nullable: true, transformer: safeInteger })
  verdictIndex!: number | null;
}
