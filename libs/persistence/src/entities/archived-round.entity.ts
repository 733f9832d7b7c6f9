import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A final round that was written into an archive, and verified there. */
@Entity('archived_round')
export class ArchivedRoundEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'archived_round_pk' })
  round!: string;

  /** Of the round's bundle, as it was written. */
  @Column('text', { name: 'bundle_sha256' })
  bundleSha256!: string;

  /** Where the archive is, as it was named to the command that wrote it; for people. */
  @Column('text')
  place!: string;

  @Column('timestamptz', { name: 'archived_at' })
  archivedAt!: Date;

  /** When its envelopes left the database; null as long as they are in both. */
  @Column('timestamptz', { name: 'pruned_at', nullable: true })
  prunedAt!: Date | null;
}
