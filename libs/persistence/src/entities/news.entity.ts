import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** One piece of news: derived from the log or the clock, told once. */
@Entity('news')
@Index('news_type_idx', ['type', 'position'])
@Index('news_round_idx', ['round', 'position'])
@Index('news_at_idx', ['at'])
export class NewsEntity {
  /** Made of what it is about, so that the same is never told as two. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'news_pk' })
  id!: string;

  /** In the order in which it was found out. */
  @Index('news_position_uq', { unique: true })
  @Column('bigint', { transformer: safeInteger })
  position!: number;

  @Column('text')
  type!: string;

  /** What it has to arrive in order within. */
  @Column('text')
  thread!: string;

  @Column('text', { nullable: true })
  round!: string | null;

  /** Whom alone it is about; null where it is about a round. */
  @Column('text', { nullable: true })
  builder!: string | null;

  @Column('timestamptz')
  at!: Date;

  /** Type, timestamp and data, as they are sent. */
  @Column('jsonb')
  body!: object;
}
