import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who wants news. */
@Entity('news_subscription')
export class NewsSubscriptionEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'news_subscription_pk' })
  id!: string;

  @Column('text')
  channel!: string;

  /** A URL, of which the path may be a secret, or the address of a mailbox. */
  @Column('text')
  target!: string;

  @Column('text')
  label!: string;

  @Column('jsonb')
  rules!: object;

  /** By which it is noticed that the key is another one that secrets are made of; null without one. */
  @Column('text', { name: 'secret_check', nullable: true })
  secretCheck!: string | null;

  /** Nothing from before is told. */
  @Column('timestamptz', { name: 'made_at' })
  madeAt!: Date;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @Column('text', { name: 'disabled_because', nullable: true })
  disabledBecause!: string | null;
}
