import { Column, Entity, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** The hash of one complete subtree of the log: level 0 are the leaves. */
@Entity('log_node')
export class LogNodeEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'log_node_pk' })
  level!: number;

  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'log_node_pk', transformer: safeInteger })
  index!: number;

  @Column('bytea')
  hash!: Buffer;
}
