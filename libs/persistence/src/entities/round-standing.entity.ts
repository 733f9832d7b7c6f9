import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a verdict made of what one builder said: a projection of the log. */
@Entity('round_standing')
@Index('round_standing_builder_idx', ['builder', 'standing'])
export class RoundStandingEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'round_standing_pk' })
  round!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'round_standing_pk' })
  builder!: string;

  @Column('text')
  standing!:
    'agreed' | 'disagreed' | 'undecided' | 'failed' | 'absent' | 'declined' | 'late' | 'unrevealed';
}
