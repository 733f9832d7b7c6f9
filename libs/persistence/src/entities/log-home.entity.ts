import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Where the log was kept when somebody last answered for it that nothing newer of it exists. One row. */
@Entity('log_home')
@Check('log_home_one', '"one"')
export class LogHomeEntity {
  @PrimaryColumn('boolean', { primaryKeyConstraintName: 'log_home_pk', default: true })
  one!: true;

  /** Server, timeline and database. */
  @Column('text')
  place!: string;

  /** Id of the transaction that wrote this row: a row that a backup brought back is of another one. */
  @Column('text', { name: 'written_by' })
  writtenBy!: string;
}
