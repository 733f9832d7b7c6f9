import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type {
  ArtifactCluster,
  ArtifactList,
  ArtifactListQuery,
  AttestationList,
  AttestationListQuery,
  AttestationSummary,
} from '#libs/contracts';
import { GroupsService } from '../groups/groups.service.js';
import { artifactQuery, clusterPlaceQuery, type ClusterPlace } from './artifact-query.js';
import { attestationQuery, type AttestationRow } from './attestation-query.js';
import { badCursor, pageOf, type Query } from './query.js';

/** Lists of evidence: entries of the log, and who built which bytes. */
@Injectable()
export class EvidencePagesService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly groups: GroupsService,
  ) {}

  /**
   * Lists entries of the log, the newest first. Results of a blind round are logged after its close,
   * and so are they listed.
   *
   * @throws ProblemError bad-cursor, no-such-group
   */
  async attestations(asked: AttestationListQuery): Promise<AttestationList> {
    const below = asked.before === undefined ? null : await this.indexOf(asked.before);
    const group = asked.group === undefined ? null : await this.groups.find(asked.group);
    const query = attestationQuery(asked, below, group?.members ?? null);
    const found = await this.rows<AttestationRow>(query);
    const { rows, next } = pageOf(found, asked.limit, ({ index }) => String(index));
    return {
      attestations: rows.map(({ loggedAt, ...row }) => ({
        ...(row as Omit<AttestationSummary, 'loggedAt'>),
        loggedAt: loggedAt?.toISOString() ?? null,
      })),
      next,
    };
  }

  /**
   * Lists clusters of decided rounds, the newest verdict first.
   *
   * @throws ProblemError bad-cursor
   */
  async artifacts(asked: ArtifactListQuery): Promise<ArtifactList> {
    const below = asked.before === undefined ? null : await this.clusterAt(asked.before);
    const found = await this.rows<ArtifactCluster & ClusterPlace>(artifactQuery(asked, below));
    const placed = found.map(({ position, ...cluster }) => ({ position, cluster }));
    const { rows, next } = pageOf(placed, asked.limit, ({ position, cluster }) => {
      return `${cluster.verdictIndex}-${position}`;
    });
    return { artifacts: rows.map(({ cluster }) => cluster), next };
  }

  private async indexOf(cursor: string): Promise<number> {
    if (!/^\d{1,15}$/.test(cursor)) throw badCursor(cursor);
    const text = 'SELECT 1 FROM "log_entry" WHERE "index" = $1';
    const found = await this.rows({ text, values: [Number(cursor)] });
    if (found.length === 0) throw badCursor(cursor);
    return Number(cursor);
  }

  private async clusterAt(cursor: string): Promise<ClusterPlace> {
    const [, verdictIndex, position] = /^(\d{1,15})-(\d{1,6})$/.exec(cursor) ?? [];
    const place = { verdictIndex: Number(verdictIndex), position: Number(position) };
    if (position === undefined) throw badCursor(cursor);
    const found = await this.rows(clusterPlaceQuery(place));
    if (found.length === 0) throw badCursor(cursor);
    return place;
  }

  private async rows<T>({ text, values }: Query): Promise<T[]> {
    return this.dataSource.manager.query<T[]>(text, [...values]);
  }
}
