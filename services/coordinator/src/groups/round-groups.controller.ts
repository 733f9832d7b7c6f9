import { Controller, Get, Param } from '@nestjs/common';
import { Sha256Text } from '#libs/attestation';
import { ROUTES, type RoundGroups } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { GroupReportsService } from './group-reports.service.js';

/** What a round comes to for each group in it. */
@Controller(ROUTES.rounds)
export class RoundGroupsController {
  constructor(private readonly reports: GroupReportsService) {}

  @Get(':round/groups')
  groups(@Param('round', new ZodPipe(Sha256Text)) round: string): Promise<RoundGroups> {
    return this.reports.ofRound(round);
  }
}
