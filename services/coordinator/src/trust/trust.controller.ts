import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  RoundParams,
  ROUTES,
  trustSetFor,
  TrustQuery,
  trustVerdictOf,
  type TrustVerdict,
} from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { ReportService } from '../reports/report.service.js';

/** What a round's verdict would be under another policy: a recount, which nobody has signed. */
@Controller(ROUTES.rounds)
export class TrustController {
  constructor(private readonly reports: ReportService) {}

  @Get(':round/verdict')
  async verdict(
    @Param('round', new ZodPipe(RoundParams.shape.round)) round: string,
    @Query(new ZodPipe(TrustQuery)) { trust, threshold }: TrustQuery,
  ): Promise<TrustVerdict> {
    const report = await this.reports.withoutExplanations(round);
    const query = new URLSearchParams();
    for (const operator of trust) query.append('trust', operator);
    if (threshold !== undefined) query.set('threshold', threshold);
    return trustVerdictOf(report, trustSetFor(report, query));
  }
}
