import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Work that comes round by itself, and which coordinator does it for now. */
@Entity('lease')
export class LeaseEntity {
  /** Such as `deadlines`. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'lease_pk' })
  name!: string;

  /** A process, by a name that no other one has. */
  @Column('text')
  holder!: string;

  /** By the database's clock: whoever holds a lease may have another one. */
  @Column('timestamptz')
  until!: Date;
}
