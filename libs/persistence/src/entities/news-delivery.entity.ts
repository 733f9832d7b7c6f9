import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** One piece of news on its way to one subscriber. */
@Entity('news_delivery')
@Index('news_delivery_due_idx', ['dueAt'], { where: `"state" = 'waiting'` })
@Index('news_delivery_thread_idx', ['subscription', 'thread', 'position'], {
  where: `"state" = 'waiting'`,
})
@Index('news_delivery_dead_idx', ['subscription', 'position'], { where: `"state" = 'dead'` })
@Index('news_delivery_ended_idx', ['endedAt'], { where: `"state" = 'delivered'` })
export class NewsDeliveryEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'news_delivery_pk' })
  subscription!: string;

  /** Within its thread the lower ones go first. */
  @PrimaryColumn('bigint', {
    primaryKeyConstraintName: 'news_delivery_pk',
    transformer: safeInteger,
  })
  position!: number;

  @Column('text')
  news!: string;

  @Column('text')
  thread!: string;

  @Column('text')
  state!: 'waiting' | 'delivered' | 'dead';

  @Column('timestamptz', { name: 'queued_at' })
  queuedAt!: Date;

  /** How often it was tried, the try under way included. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** When it is tried next, unless what goes before it is still waiting; null once it has ended. */
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  /** What came of the last try. */
  @Column('text', { nullable: true })
  detail!: string | null;
}
