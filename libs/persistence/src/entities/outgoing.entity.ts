import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A message to one builder or several, written in the transaction that made it necessary. */
@Entity('outgoing')
@Index('outgoing_unsent_idx', ['createdAt'], { where: '"sent_at" IS NULL' })
export class OutgoingEntity {
  /** Digest of subjects and body: the message id, so that a repeat is dropped by the server. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'outgoing_pk' })
  id!: string;

  /** One for each builder, all of one kind, below one another. */
  @Column('text')
  subjects!: string;

  @Column('text')
  body!: string;

  @Column('text', { nullable: true })
  round!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** When JetStream took it; null again when JetStream turns out to have lost it. */
  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt!: Date | null;

  /** Why it is set aside: it is larger than JetStream takes. Null again when its streams are made anew. */
  @Column('text', { nullable: true })
  refused!: string | null;
}
