import { Column, Entity, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** A signed checkpoint. At most one a size, so that no two can contradict each other. */
@Entity('log_checkpoint')
export class CheckpointEntity {
  @PrimaryColumn('bigint', {
    primaryKeyConstraintName: 'log_checkpoint_pk',
    transformer: safeInteger,
  })
  size!: number;

  @Column('bytea')
  root!: Buffer;

  /** The signed note. */
  @Column('text')
  note!: string;
}
