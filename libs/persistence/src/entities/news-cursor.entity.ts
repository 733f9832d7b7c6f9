import { Column, Entity, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** How far the log was read for news. Whoever writes news or orders of them holds this row's lock. */
@Entity('news_cursor')
export class NewsCursorEntity {
  /** `log` is the only one. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'news_cursor_pk' })
  name!: string;

  /** The first leaf that was not read. */
  @Column('bigint', { name: 'next_index', transformer: safeInteger })
  nextIndex!: number;

  /** Of the next news, and of the next that is to be told again. */
  @Column('bigint', { name: 'next_position', transformer: safeInteger })
  nextPosition!: number;
}
