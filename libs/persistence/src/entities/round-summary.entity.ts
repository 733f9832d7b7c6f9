import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** What the signed verdict of a round says, as lists tell it: a projection of the log. */
@Entity('round_summary')
@Index('round_summary_outcome_idx', ['outcome', 'openedAt', 'round'])
@Index('round_summary_verdicts_idx', ['verdicts'], { type: 'gin' })
export class RoundSummaryEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'round_summary_pk' })
  round!: string;

  @Column('text')
  release!: string;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('bigint', { name: 'verdict_index', transformer: safeInteger })
  verdictIndex!: number;

  /** Null in a round that counts nothing. */
  @Column('text', { nullable: true })
  outcome!: 'satisfied' | 'not-reproduced' | 'undecided' | null;

  /** Every verdict that an artifact has, once. */
  @Column('text', { array: true })
  verdicts!: string[];

  /** Operators that were asked. */
  @Column('integer')
  eligible!: number;

  /** What of RoundOpen tells that no verdict is asked for: `experiment` or `calibration`, or nothing. */
  @Column('jsonb')
  purpose!: object;

  /** Each artifact with its verdict, and its clusters by their sizes. */
  @Column('jsonb')
  artifacts!: object[];
}
