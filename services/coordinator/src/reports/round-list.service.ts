import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { RoundList, RoundListQuery } from '#libs/contracts';
import { lineHeadline } from '../queries/line-headline.js';
import { pageOf, runPage } from '../queries/query.js';
import { RoundLinesService } from '../queries/round-lines.service.js';
import { roundExistsQuery, roundQuery, type RoundRow } from '../queries/round-query.js';

/** Pages of rounds, newest first. */
@Injectable()
export class RoundListService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly lines: RoundLinesService,
  ) {}

  /**
   * Gives one page; `next` is null at the end. Keyset paging: new rounds never shift a page.
   *
   * @throws ProblemError bad-cursor
   */
  async list(asked: RoundListQuery): Promise<RoundList> {
    const { before = null } = asked;
    const found = await runPage<RoundRow>(this.dataSource.manager, {
      page: roundQuery(asked, before),
      cursor: before === null ? null : { text: before, exists: roundExistsQuery(before) },
    });
    const { rows, next } = pageOf(found, asked.limit, ({ id }) => id);
    const lines = await this.lines.ofRows(rows);
    return {
      rounds: rows.flatMap((row) => {
        const line = lines.get(row.id);
        if (line === undefined) return [];
        const { id, phase, release, proposalId, openedAt, isArchived } = row;
        return {
          ...{ round: id, phase, release, proposal: proposalId, openedAt: openedAt.toISOString() },
          headline: lineHeadline(row, line),
          ...{ outcome: line.outcome, artifacts: line.artifacts, ...line.purpose },
          ...(isArchived && { archived: true }),
        };
      }),
      next,
    };
  }
}
