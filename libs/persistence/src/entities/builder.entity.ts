import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Builders that asked to join, and what became of it. No evidence: what counts of keys is logged. */
@Entity('builder')
@Index('builder_status_idx', ['status', 'id'])
@Index('builder_operator_idx', ['operatorPublicKey'])
@Index('builder_nats_due_idx', ['id'], { where: '"is_nats_due"' })
export class BuilderEntity {
  /** Principal of the builder's first attestation key. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'builder_pk' })
  id!: string;

  /** The attestation key that it has now, base64. */
  @Column('text', { name: 'public_key' })
  publicKey!: string;

  /** Principal of the operator's key. */
  @Column('text')
  operator!: string;

  /** What the operator calls itself. */
  @Column('text', { name: 'operator_label' })
  operatorLabel!: string;

  /** Base64. */
  @Column('text', { name: 'operator_public_key' })
  operatorPublicKey!: string;

  @Column('text')
  status!: 'applied' | 'active' | 'paused' | 'draining' | 'retired' | 'revoked';

  @Column('text', { name: 'status_reason', nullable: true })
  statusReason!: string | null;

  /** Who brought the status about: an operator takes back nothing that its group ordered. */
  @Column('text', { name: 'status_by', nullable: true })
  statusBy!: 'group' | 'operator' | 'coordinator' | null;

  /** The application's. */
  @Column('jsonb')
  capabilities!: object;

  @Column('text', { array: true })
  tags!: string[];

  /** For the group alone: never logged, never in an answer that anybody may have. */
  @Column('text', { nullable: true })
  contact!: string | null;

  /** The envelope of the key record that is logged once the builder is approved, JSON. */
  @Column('text')
  enrolment!: string;

  /** The signed time of the application: a later one replaces it. */
  @Column('timestamptz', { name: 'signed_at' })
  signedAt!: Date;

  @Column('timestamptz', { name: 'applied_at' })
  appliedAt!: Date;

  @Column('timestamptz', { name: 'approved_at', nullable: true })
  approvedAt!: Date | null;

  /** The NATS key that it has now, U... */
  @Column('text', { name: 'nats_public_key' })
  natsPublicKey!: string;

  /** Whether NATS has still to be told how the builder stands: set with what changes it. */
  @Column('boolean', { name: 'is_nats_due', default: false })
  isNatsDue!: boolean;

  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt!: Date | null;

  @Column('text', { name: 'agent_version', nullable: true })
  agentVersion!: string | null;

  /** What its agent said last. */
  @Column('jsonb', { nullable: true })
  heartbeat!: object | null;

  /** What came of rebuilding a past release. */
  @Column('jsonb', { nullable: true })
  calibration!: object | null;
}
