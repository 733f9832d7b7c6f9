import { Column, Entity, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** A witness's word for a checkpoint. The first that it gave for a size is kept. */
@Entity('log_cosignature')
export class CosignatureEntity {
  @PrimaryColumn('bigint', {
    primaryKeyConstraintName: 'log_cosignature_pk',
    transformer: safeInteger,
  })
  size!: number;

  /** Hex of the witness's public key. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'log_cosignature_pk' })
  witness!: string;

  /** The signature line of the note, with its newline. */
  @Column('text')
  line!: string;
}
