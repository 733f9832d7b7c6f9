import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GroupId, Id } from '#libs/attestation';
import { atomFeed, ROUTES, type News } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import type { Config } from '../config.js';
import { publicOrigin } from '../pages/public-origin.js';
import { CONFIG } from '../tokens.js';
import { answerTagged } from './answer-tagged.js';
import { FeedsService } from './feeds.service.js';

const ATOM = 'application/atom+xml; charset=utf-8';
/** Where there is no news yet, a feed was last changed when there could be none. */
const BEGINNING = '2026-01-01T00:00:00.000Z';

/** News as Atom feeds, for everybody. */
@Controller(ROUTES.feeds)
export class FeedsController {
  constructor(
    private readonly feeds: FeedsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** All news. */
  @Get('all.atom')
  async all(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer('Rounds and verdicts', await this.feeds.all(), request, reply);
  }

  /** Divergences alone. */
  @Get('divergences.atom')
  async divergences(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer('Divergences', await this.feeds.divergences(), request, reply);
  }

  /** What concerns one builder. */
  @Get('builders/:builder.atom')
  async ofBuilder(
    @Param('builder', new ZodPipe(Id)) builder: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const news = await this.feeds.ofBuilder(builder);
    await this.answer(`Builder ${builder.slice(0, 11)}`, news, request, reply);
  }

  /** What is new in rounds that were opened for a group. */
  @Get('groups/:group.atom')
  async ofGroup(
    @Param('group', new ZodPipe(GroupId)) group: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.answer(`Group ${group}`, await this.feeds.ofGroup(group), request, reply);
  }

  private async answer(
    title: string,
    news: readonly News[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const origin = publicOrigin(this.config, request);
    const path = URL.parse(request.url, origin)?.pathname ?? '/';
    const body = atomFeed({ title, origin, path, since: BEGINNING, news });
    await answerTagged(request, reply, { type: ATOM, body, maxAgeSeconds: 60 });
  }
}
