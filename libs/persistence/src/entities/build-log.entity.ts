import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The log of one builder's build in one round, as its builder shows it. No evidence. */
@Entity('build_log')
@Index('build_log_due_idx', ['dueAt'], { where: '"due_at" IS NOT NULL' })
export class BuildLogEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'build_log_pk' })
  round!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'build_log_pk' })
  builder!: string;

  /** What the builder's signed result says of it. */
  @Column('text')
  sha256!: string;

  /** `refused`: what its builder sent is not this log, or no text; `missing`: nobody has it any more. */
  @Column('text')
  state!: 'awaited' | 'stored' | 'refused' | 'missing';

  /** Why it is not stored, in a word; null where it is, or may be soon. */
  @Column('text', { nullable: true })
  reason!: string | null;

  /** Of the text; null while there is none. */
  @Column('integer', { name: 'size_bytes', nullable: true })
  sizeBytes!: number | null;

  /** The text, Zstandard. */
  @Column('bytea', { nullable: true })
  body!: Buffer | null;

  @Column('timestamptz', { name: 'stored_at', nullable: true })
  storedAt!: Date | null;

  /** When its builder is asked for it; whoever does moves it on first. Null once nothing more is to come. */
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column('integer', { default: 0 })
  attempts!: number;
}
