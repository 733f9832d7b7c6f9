import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { makeBadge } from 'badge-maker';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Sha256Text } from '#libs/attestation';
import { ProposalId, ROUTES, type ShieldsBadge } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { answerTagged } from './answer-tagged.js';
import { BadgesService } from './badges.service.js';

const MAX_AGE_SECONDS = 60;

/** A verdict in a few words, to be shown on other pages. */
@Controller(ROUTES.badges)
export class BadgesController {
  constructor(private readonly badges: BadgesService) {}

  /** Of a round, as an image. */
  @Get('rounds/:round.svg')
  async roundImage(
    @Param('round', new ZodPipe(Sha256Text)) round: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await answerImage(request, reply, await this.badges.ofRound(round));
  }

  /** Of a round, as shields.io takes it. */
  @Get('rounds/:round/shields.json')
  roundShields(@Param('round', new ZodPipe(Sha256Text)) round: string): Promise<ShieldsBadge> {
    return this.badges.ofRound(round);
  }

  /** Of a proposal, as an image. */
  @Get('proposals/:proposal.svg')
  async proposalImage(
    @Param('proposal', new ZodPipe(ProposalId)) proposal: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await answerImage(request, reply, await this.badges.ofProposal(BigInt(proposal).toString()));
  }

  /** Of a proposal, as shields.io takes it. */
  @Get('proposals/:proposal/shields.json')
  proposalShields(
    @Param('proposal', new ZodPipe(ProposalId)) proposal: string,
  ): Promise<ShieldsBadge> {
    return this.badges.ofProposal(BigInt(proposal).toString());
  }
}

async function answerImage(
  request: FastifyRequest,
  reply: FastifyReply,
  { label, message, color }: ShieldsBadge,
): Promise<void> {
  const body = makeBadge({ label, message, color });
  await answerTagged(request, reply, {
    ...{ type: 'image/svg+xml; charset=utf-8', body, maxAgeSeconds: MAX_AGE_SECONDS },
  });
}
