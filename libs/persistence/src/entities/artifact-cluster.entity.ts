import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { safeInteger } from './column.js';

/** Builders that counted with one digest of one artifact in a decided round: a projection of the log. */
@Entity('artifact_cluster')
@Index('artifact_cluster_digest_idx', ['digest', 'verdictIndex', 'position'])
@Index('artifact_cluster_name_idx', ['artifact', 'verdictIndex', 'position'])
@Index('artifact_cluster_verdict_idx', ['verdict', 'verdictIndex', 'position'])
@Index('artifact_cluster_release_idx', ['release', 'verdictIndex', 'position'])
@Index('artifact_cluster_round_idx', ['round', 'artifact'])
export class ArtifactClusterEntity {
  @PrimaryColumn('bigint', {
    name: 'verdict_index',
    primaryKeyConstraintName: 'artifact_cluster_pk',
    transformer: safeInteger,
  })
  verdictIndex!: number;

  /** Counted from 0 through all artifacts of the verdict. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'artifact_cluster_pk' })
  position!: number;

  @Column('text')
  round!: string;

  @Column('text')
  release!: string;

  @Column('text')
  artifact!: string;

  @Column('text')
  digest!: string;

  /** The artifact's. */
  @Column('text')
  verdict!: string;

  @Column('boolean', { name: 'matches_expected' })
  matchesExpected!: boolean;

  @Column('text', { array: true })
  operators!: string[];

  @Column('text', { array: true })
  builders!: string[];

  /** Log indices of the results, lowest first. */
  @Column('bigint', {
    array: true,
    transformer: {
      to: (value: readonly number[]) => value,
      from: (value: readonly string[]) => value.map(Number),
    },
  })
  results!: number[];
}
