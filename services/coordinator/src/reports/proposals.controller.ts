import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { ROUTES, type Report } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { ReportService } from './report.service.js';

const ProposalId = z.string().regex(/^\d{1,20}$/, 'expected a decimal proposal id');

/** Proposals that were asked for here. */
@Controller(ROUTES.proposals)
export class ProposalsController {
  constructor(private readonly reports: ReportService) {}

  /** The report of a proposal's newest round, or what the proposal means without one. */
  @Get(':proposal/report')
  report(@Param('proposal', new ZodPipe(ProposalId)) proposal: string): Promise<Report> {
    return this.reports.ofProposal(BigInt(proposal).toString());
  }
}
