import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Sha256Text } from '#libs/attestation';
import {
  AmendRound,
  OpenRound,
  reportMarkdown,
  RoundListQuery,
  ROUTES,
  type OpenRoundAnswer,
  type Report,
  type RoundAttestations,
  type RoundList,
} from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { Access } from '../access/access.decorator.js';
import { AttestationReaderService } from '../reports/attestation-reader.service.js';
import { ReportService } from '../reports/report.service.js';
import { RoundListService } from '../reports/round-list.service.js';
import { RoundAmenderService } from './round-amender.service.js';
import { RoundCloserService } from './round-closer.service.js';
import { RoundOpenerService } from './round-opener.service.js';

/** Rounds over HTTP. */
@Controller(ROUTES.rounds)
export class RoundsController {
  constructor(
    private readonly opener: RoundOpenerService,
    private readonly amender: RoundAmenderService,
    private readonly closer: RoundCloserService,
    private readonly reports: ReportService,
    private readonly rounds: RoundListService,
    private readonly attestations: AttestationReaderService,
  ) {}

  /** Opens a round on a proposal or a commit. */
  @Post()
  @Access('rounds')
  open(@Body(new ZodPipe(OpenRound)) request: OpenRound): Promise<OpenRoundAnswer> {
    return this.opener.open(request);
  }

  /** Lists rounds, newest first. */
  @Get()
  list(@Query(new ZodPipe(RoundListQuery)) query: RoundListQuery): Promise<RoundList> {
    return this.rounds.list(query);
  }

  /** The report of a round, as it stands. */
  @Get(':round/report')
  report(@Param('round', new ZodPipe(Sha256Text)) round: string): Promise<Report> {
    return this.reports.ofRound(round);
  }

  /** The same for a forum. */
  @Get(':round/report.md')
  @Header('content-type', 'text/markdown; charset=utf-8')
  async markdown(@Param('round', new ZodPipe(Sha256Text)) round: string): Promise<string> {
    return reportMarkdown(await this.reports.ofRound(round));
  }

  /** Every logged envelope of a round, with receipts. Results are there once the round has closed. */
  @Get(':round/attestations')
  logged(@Param('round', new ZodPipe(Sha256Text)) round: string): Promise<RoundAttestations> {
    return this.attestations.ofRound(round);
  }

  /** Invites more builders to an open round. */
  @Post(':round/amend')
  @Access('rounds')
  @HttpCode(200)
  async amend(
    @Param('round', new ZodPipe(Sha256Text)) round: string,
    @Body(new ZodPipe(AmendRound)) request: AmendRound,
  ): Promise<Report> {
    await this.amender.amend(round, request.builders);
    return this.reports.ofRound(round);
  }

  /** Closes a round before its deadline. */
  @Post(':round/close')
  @Access('rounds')
  @HttpCode(200)
  async close(@Param('round', new ZodPipe(Sha256Text)) round: string): Promise<Report> {
    await this.closer.close(round);
    return this.reports.ofRound(round);
  }
}
