import { Controller, Get, Header, HttpStatus, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  DISCORD_CHARACTERS,
  membersOf,
  plain,
  postMarkdown,
  postPlain,
  PostQuery,
  PostTextQuery,
  RoundParams,
  ROUTES,
  type Report,
} from '#libs/contracts';
import { ProblemError, ZodPipe } from '#libs/platform';
import type { Config } from '../config.js';
import { publicOrigin } from '../pages/public-origin.js';
import { CONFIG } from '../tokens.js';
import { ReportService } from './report.service.js';

const ROUND = new ZodPipe(RoundParams.shape.round);
const MEMBERS_NAMED = 20;

/** Reports as people post them: of the group, or of one member. */
@Controller(ROUTES.rounds)
export class PostController {
  constructor(
    private readonly reports: ReportService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The post for a forum. */
  @Get(':round/post.md')
  @Header('content-type', 'text/markdown; charset=utf-8')
  async markdown(
    @Param('round', ROUND) round: string,
    @Query(new ZodPipe(PostQuery)) { member }: PostQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const report = await this.reportFor(round, member);
    return postMarkdown(report, { member, origin: publicOrigin(this.config, request) });
  }

  /** The post for a chat. */
  @Get(':round/post.txt')
  @Header('content-type', 'text/plain; charset=utf-8')
  async text(
    @Param('round', ROUND) round: string,
    @Query(new ZodPipe(PostTextQuery)) query: PostTextQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const { member } = query;
    const report = await this.reportFor(round, member);
    return postPlain(report, {
      member,
      origin: publicOrigin(this.config, request),
      limit: query.for === 'discord' ? DISCORD_CHARACTERS : undefined,
    });
  }

  private async reportFor(round: string, member: string | undefined): Promise<Report> {
    const report = await this.reports.ofRound(round);
    const members = membersOf(report);
    if (member === undefined || members.includes(member)) return report;
    const some = members.slice(0, MEMBERS_NAMED).map((name) => plain(name, 60));
    throw new ProblemError(
      HttpStatus.NOT_FOUND,
      'not-in-round',
      `the round did not ask ${JSON.stringify(plain(member, 60))}: expected one of ${some.join(', ')}${members.length > some.length ? ' and others' : ''}`,
    );
  }
}
