import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A proposal as governance certified it, archived before anything is built from it. */
@Entity('proposal')
// Of an expression, which an entity cannot tell: the id as a number.
@Index('proposal_number_idx', { synchronize: false })
export class ProposalEntity {
  /** Decimal NNS proposal id. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'proposal_pk' })
  id!: string;

  @Column('text')
  title!: string;

  @Column('text')
  url!: string;

  @Column('integer', { name: 'nns_function', nullable: true })
  nnsFunction!: number | null;

  /** Candid argument of the NNS function, as certified. */
  @Column('bytea', { nullable: true })
  payload!: Buffer | null;

  /** Decoded decision, JSON. A projection of `payload`. */
  @Column('jsonb')
  decision!: object;

  /** Request and certificate of the read, serialised. */
  @Column('text')
  evidence!: string;

  @Column('timestamptz', { name: 'voting_ends_at', nullable: true })
  votingEndsAt!: Date | null;

  @Column('timestamptz', { name: 'archived_at' })
  archivedAt!: Date;
}
