import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was done at the console of the database, until a coordinator logs it: only it can sign. */
@Entity('console_act')
export class ConsoleActEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'console_act_pk' })
  id!: string;

  @Column('text')
  act!: string;

  @Column('text')
  subject!: string;

  @Column('jsonb')
  detail!: Readonly<Record<string, string | number | boolean | null | string[]>>;

  @Column('timestamptz')
  at!: Date;
}
