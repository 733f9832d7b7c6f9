import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An operator's signed order that was taken: remembered for as long as its time would still fit. */
@Entity('builder_order')
@Index('builder_order_signed_idx', ['signedAt'])
export class BuilderOrderEntity {
  /** Principal of the operator that signed it. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'builder_order_pk' })
  operator!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'builder_order_pk' })
  nonce!: string;

  @Column('timestamptz', { name: 'signed_at' })
  signedAt!: Date;
}
