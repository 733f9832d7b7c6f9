import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Operators who publish together, as they are now; what they were stands in the log. */
@Entity('group')
export class GroupEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'group_pk' })
  id!: string;

  @Column('text')
  name!: string;

  /** Labels of operators, in the order in which the group lists them. */
  @Column('jsonb')
  members!: string[];

  @Column('text')
  threshold!: string;

  @Column('text', { nullable: true })
  about!: string | null;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
