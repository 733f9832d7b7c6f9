import { Controller, Get, Param } from '@nestjs/common';
import { ProposalId, ROUTES, type ProposalEvidence, type Report } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { ProposalSourceService } from '../sources/proposal-source.service.js';
import { ReportService } from './report.service.js';

/** Proposals that were asked for here. */
@Controller(ROUTES.proposals)
export class ProposalsController {
  constructor(
    private readonly reports: ReportService,
    private readonly source: ProposalSourceService,
  ) {}

  /** The report of a proposal's newest round, or what the proposal means without one. */
  @Get(':proposal/report')
  report(@Param('proposal', new ZodPipe(ProposalId)) proposal: string): Promise<Report> {
    return this.reports.ofProposal(BigInt(proposal).toString());
  }
  /** What proves the proposal: its raw payload, and the certified read of it. */
  @Get(':proposal/evidence')
  evidence(
    @Param('proposal', new ZodPipe(ProposalId)) proposal: string,
  ): Promise<ProposalEvidence> {
    return this.source.evidence(BigInt(proposal).toString());
  }
}
