import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type {
  ProposalList,
  ProposalListQuery,
  ProposalSummary,
  ReleaseList,
  ReleaseListQuery,
} from '#libs/contracts';
import { lineHeadline } from './line-headline.js';
import { proposalQuery, type ProposalRow } from './proposal-query.js';
import { badCursor, pageOf, type Query } from './query.js';
import { releaseQuery, type ReleaseRow } from './release-query.js';
import { RoundLinesService, type RoundLine } from './round-lines.service.js';
import { roundPlaceQuery, type RoundPlace } from './round-query.js';

/** Lists of what rounds are about: proposals and releases. */
@Injectable()
export class RoundPagesService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly lines: RoundLinesService,
  ) {}

  /**
   * Lists proposals with their newest rounds, the highest id first.
   *
   * @throws ProblemError bad-cursor
   */
  async proposals(asked: ProposalListQuery): Promise<ProposalList> {
    const { before = null } = asked;
    if (before !== null) await this.requireProposal(before);
    const found = await this.rows<ProposalRow>(proposalQuery(asked, before));
    const { rows, next } = pageOf(found, asked.limit, ({ proposal }) => proposal);
    const lines = await this.lines.ofRows(
      rows.flatMap(({ id, ...row }) => (id === null ? [] : { ...row, id })),
    );
    return {
      proposals: rows.map((row) => ({
        ...{ proposal: row.proposal, title: row.title, kind: row.kind, commit: row.commit },
        deadlineAt: row.votingEndsAt?.toISOString() ?? null,
        ...{ archivedAt: row.archivedAt.toISOString(), rounds: row.rounds },
        newest: newestOf(row, lines),
      })),
      next,
    };
  }

  /**
   * Lists releases with their newest rounds, the newest of those first.
   *
   * @throws ProblemError bad-cursor
   */
  async releases(asked: ReleaseListQuery): Promise<ReleaseList> {
    const below = asked.before === undefined ? null : await this.place(asked.before);
    const found = await this.rows<ReleaseRow>(releaseQuery(asked, below));
    const { rows, next } = pageOf(found, asked.limit, ({ id }) => id);
    const lines = await this.lines.ofRows(rows);
    return {
      releases: rows.map(({ release, rounds, id, proposalId, phase, openedAt }) => ({
        ...{ release, rounds },
        newest: {
          ...{ round: id, proposal: proposalId, phase, openedAt: openedAt.toISOString() },
          outcome: lines.get(id)?.outcome ?? null,
          artifacts: lines.get(id)?.artifacts ?? [],
        },
      })),
      next,
    };
  }

  private async place(round: string): Promise<RoundPlace> {
    const [place] = await this.rows<RoundPlace>(roundPlaceQuery(round));
    if (place === undefined) throw badCursor(round);
    return place;
  }

  private async requireProposal(id: string): Promise<void> {
    const text = 'SELECT 1 FROM "proposal" WHERE "id" = $1';
    const found = await this.rows({ text, values: [id] });
    if (found.length === 0) throw badCursor(id);
  }

  private async rows<T>({ text, values }: Query): Promise<T[]> {
    return this.dataSource.manager.query<T[]>(text, [...values]);
  }
}

function newestOf(
  { id, phase, release, openedAt, proposal }: ProposalRow,
  lines: ReadonlyMap<string, RoundLine>,
): ProposalSummary['newest'] {
  const line = id === null ? undefined : lines.get(id);
  if (line === undefined || id === null) return null;
  if (phase === null || release === null || openedAt === null) return null;
  return {
    ...{ round: id, phase, openedAt: openedAt.toISOString() },
    headline: lineHeadline({ release, proposalId: proposal }, line),
    ...{ outcome: line.outcome, artifacts: line.artifacts },
  };
}
