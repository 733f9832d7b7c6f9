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
import { attestationQuery, entryExistsQuery, type AttestationRow } from './attestation-query.js';
import { badCursor, pageOf, runPage, runQuery } from './query.js';

/** Lists of evidence: entries of the log, and who built which bytes. */
@Injectable()
export class EvidencePagesService {
  /** An entry that is there has all others before it: no log has gaps. */
  private known = -1;

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
    const found = await runQuery<AttestationRow>(this.dataSource.manager, query);
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
    const { before } = asked;
    const below = before === undefined ? null : clusterAt(before);
    const cursor =
      before === undefined || below === null
        ? null
        : { text: before, exists: clusterPlaceQuery(below) };
    const page = artifactQuery(asked, below);
    const found = await runPage<ArtifactCluster & ClusterPlace>(this.dataSource.manager, {
      ...{ page, cursor },
    });
    const placed = found.map(({ position, ...cluster }) => ({ position, cluster }));
    const { rows, next } = pageOf(placed, asked.limit, ({ position, cluster }) => {
      return `${cluster.verdictIndex}-${position}`;
    });
    return { artifacts: rows.map(({ cluster }) => cluster), next };
  }

  private async indexOf(cursor: string): Promise<number> {
    if (!/^\d{1,15}$/.test(cursor)) throw badCursor(cursor);
    const index = Number(cursor);
    if (index <= this.known) return index;
    const found = await runQuery(this.dataSource.manager, entryExistsQuery(index));
    if (found.length === 0) throw badCursor(cursor);
    this.known = index;
    return index;
  }
}

/** @throws ProblemError bad-cursor */
function clusterAt(cursor: string): ClusterPlace {
  const [, verdictIndex, position] = /^(\d{1,15})-(\d{1,6})$/.exec(cursor) ?? [];
  if (position === undefined) throw badCursor(cursor);
  return { verdictIndex: Number(verdictIndex), position: Number(position) };
}
