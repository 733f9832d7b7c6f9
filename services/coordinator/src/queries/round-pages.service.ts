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
import { proposalExistsQuery, proposalQuery, type ProposalRow } from './proposal-query.js';
import { pageOf, runPage } from './query.js';
import { releaseQuery, type ReleaseRow } from './release-query.js';
import { RoundLinesService, type RoundLine } from './round-lines.service.js';
import { roundExistsQuery } from './round-query.js';

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
    const found = await runPage<ProposalRow>(this.dataSource.manager, {
      page: proposalQuery(asked, before),
      cursor: before === null ? null : { text: before, exists: proposalExistsQuery(before) },
    });
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
    const { before = null } = asked;
    const found = await runPage<ReleaseRow>(this.dataSource.manager, {
      page: releaseQuery(asked, before),
      cursor: before === null ? null : { text: before, exists: roundExistsQuery(before) },
    });
    const { rows, next } = pageOf(found, asked.limit, ({ id }) => id);
    const lines = await this.lines.ofRows(rows);
    return {
      releases: rows.map(({ release, rounds, id, proposalId, phase, openedAt, isArchived }) => ({
        ...{ release, rounds },
        newest: {
          ...{ round: id, proposal: proposalId, phase, openedAt: openedAt.toISOString() },
          outcome: lines.get(id)?.outcome ?? null,
          artifacts: lines.get(id)?.artifacts ?? [],
          ...(isArchived && { archived: true }),
        },
      })),
      next,
    };
  }
}

function newestOf(
  { id, phase, release, openedAt, proposal, isArchived }: ProposalRow,
  lines: ReadonlyMap<string, RoundLine>,
): ProposalSummary['newest'] {
  const line = id === null ? undefined : lines.get(id);
  if (line === undefined || id === null) return null;
  if (phase === null || release === null || openedAt === null) return null;
  return {
    ...{ round: id, phase, openedAt: openedAt.toISOString() },
    headline: lineHeadline({ release, proposalId: proposal }, line),
    ...{ outcome: line.outcome, artifacts: line.artifacts },
    ...(isArchived === true && { archived: true }),
  };
}
