import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Sha256Text } from '#libs/attestation';
import { CancelBuild, ROUTES, type CancelAnswer } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { Access } from '../access/access.decorator.js';
import { BuildCancelService } from './build-cancel.service.js';

/** Orders to stop building, over HTTP. */
@Controller(ROUTES.rounds)
export class BuildCancelController {
  constructor(private readonly cancels: BuildCancelService) {}

  /** Has one builder stop building for a round, and waits until nothing of the build is left. */
  @Post(':round/cancel')
  @Access('rounds')
  @HttpCode(200)
  cancel(
    @Param('round', new ZodPipe(Sha256Text)) round: string,
    @Body(new ZodPipe(CancelBuild)) { builder }: CancelBuild,
  ): Promise<CancelAnswer> {
    return this.cancels.cancel(builder, round, 'requested');
  }
}
