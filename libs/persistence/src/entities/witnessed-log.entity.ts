import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Of another log, the newest checkpoint that this coordinator cosigned as a witness. */
@Entity('witnessed_log')
export class WitnessedLogEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'witnessed_log_pk' })
  origin!: string;

  /** Leaves, below 2^64: more than a bigint of PostgreSQL or an exact number holds. */
  @Column('numeric', {
    precision: 20,
    scale: 0,
    transformer: { to: String, from: BigInt },
  })
  size!: bigint;

  @Column('bytea')
  root!: Buffer;

  /** The signed note, with the log's own signatures alone. */
  @Column('text')
  note!: string;
}
