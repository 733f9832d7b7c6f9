import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Why the artifacts of one round split, and when it is to be looked at again. No evidence. */
@Entity('explanation')
@Index('explanation_due_idx', ['dueAt'], { where: '"due_at" IS NOT NULL' })
@Index('explanation_made_idx', ['madeAt'])
@Index('explanation_marks_idx', ['marks'], { type: 'gin' })
export class ExplanationEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'explanation_pk' })
  round!: string;

  /** Explanations of the round's artifacts, JSON; null before the first look. */
  @Column('text', { nullable: true })
  body!: string | null;

  /** What was found between the bytes of two clusters, JSON: nobody is asked twice for it. */
  @Column('text', { nullable: true })
  comparisons!: string | null;

  /** What marks the differences, by artifact: other rounds with the same marks have the same defect. */
  @Column('text', { array: true, default: '{}' })
  marks!: string[];

  /** Whether all bytes that can tell something were looked at. */
  @Column('boolean', { name: 'is_complete', default: false })
  isComplete!: boolean;

  @Column('timestamptz', { name: 'made_at', nullable: true })
  madeAt!: Date | null;

  /**
   * When a coordinator looks at it; one that does moves it on first, so that no other one does, and
   * a third one does should it die. Null once nothing more is to come.
   */
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  /** Looks so far: builders that are away are asked again, ever more seldom. */
  @Column('integer', { default: 0 })
  attempts!: number;
}
