import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A one-time word that lets one builder in. */
@Entity('builder_invite')
export class BuilderInviteEntity {
  /** The part of the word that may be told. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'builder_invite_pk' })
  id!: string;

  /** Digest of the whole word, hex. It has 256 bits of chance, so it needs no salt. */
  @Column('text')
  sha256!: string;

  @Column('text', { nullable: true })
  label!: string | null;

  /** Base64 of the operator's key that it is bound to; null for whoever has it. */
  @Column('text', { name: 'operator_public_key', nullable: true })
  operatorPublicKey!: string | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  /** The builder that came in by it. */
  @Column('text', { name: 'used_by', nullable: true })
  usedBy!: string | null;

  /** When the group took it back; null while it did not. */
  @Column('timestamptz', { name: 'withdrawn_at', nullable: true })
  withdrawnAt!: Date | null;
}
