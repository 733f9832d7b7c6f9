import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A round that asked for kinds of builders: what it asked, who was chosen, and who came instead. */
@Entity('round_ask')
export class RoundAskEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'round_ask_pk' })
  round!: string;

  /** As it was asked. */
  @Column('jsonb')
  ask!: object;

  /** Everybody who was taken, and who was left out, each with the reason. */
  @Column('jsonb')
  choice!: object;

  /** Who declined or vanished, and who came instead, in order. */
  @Column('jsonb', { default: [] })
  replacements!: object[];

  /** When it is to be looked at whether somebody is missing; null once nothing more can be done. */
  @Index('round_ask_due_idx')
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;
}
