import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A signed envelope in the content store, under the digest of its canonical JSON. */
@Entity('envelope')
export class EnvelopeEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'envelope_pk' })
  sha256!: string;

  /** Canonical JSON text, exactly as it is served. */
  @Column('text')
  body!: string;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt!: Date;
}
