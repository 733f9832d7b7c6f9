import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who may change something over HTTP. The token itself is nowhere: only its digest is. */
@Entity('access_token')
export class AccessTokenEntity {
  /** The part of the token that may be told. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'access_token_pk' })
  id!: string;

  /** Of all of the token's text, 32 bytes. It has 256 bits of chance: no salt, no stretching. */
  @Column('bytea')
  sha256!: Buffer;

  @Column('text')
  label!: string;

  @Column('text', { array: true })
  scopes!: string[];

  @Column('timestamptz', { name: 'made_at' })
  madeAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  /** Null while it may be used. */
  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  /** To the hour: a write for each request would be one too many, and a diary of its owner. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
}
