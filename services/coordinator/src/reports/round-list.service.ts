import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { RoundList } from '#libs/contracts';
import { RoundEntity } from '#libs/persistence';
import { ReportService } from './report.service.js';

/** Which rounds to list. */
export interface RoundListQuery {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly commit?: string | undefined;
}

/** Pages of rounds, newest first. */
@Injectable()
export class RoundListService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly reports: ReportService,
  ) {}

  /** Gives one page; `next` is null at the end. Keyset paging: new rounds never shift a page. */
  async list({ limit, before, commit }: RoundListQuery): Promise<RoundList> {
    const query = this.dataSource
      .getRepository(RoundEntity)
      .createQueryBuilder('round')
      .orderBy('round.openedAt', 'DESC')
      .addOrderBy('round.id', 'DESC')
      .take(limit + 1);
    if (commit !== undefined) query.andWhere('round.release = :name', { name: `ic/${commit}` });
    if (before !== undefined) {
      query.andWhere(
        '(round.openedAt, round.id) < (SELECT "opened_at", "id" FROM "round" WHERE "id" = :before)',
        { before },
      );
    }
    const rows = await query.getMany();
    const page = rows.slice(0, limit);
    return {
      rounds: await Promise.all(
        page.map(async ({ id, phase, release, proposalId, openedAt }) => {
          const { headline, round } = await this.reports.withoutExplanations(id);
          const experiment = round?.experiment;
          const calibration = round?.calibration;
          return {
            round: id,
            phase,
            release,
            proposal: proposalId,
            openedAt: openedAt.toISOString(),
            headline,
            ...(experiment !== undefined && { experiment }),
            ...(calibration !== undefined && { calibration }),
          };
        }),
      ),
      next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
    };
  }
}
