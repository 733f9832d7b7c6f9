import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Id, Sha256Text } from '#libs/attestation';
import { ROUTES, type RoundLogs } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { IMMUTABLE } from '../serving/immutable.js';
import { LogReaderService } from './log-reader.service.js';

/** Logs of builds. */
@Controller(ROUTES.rounds)
export class BuildLogsController {
  constructor(private readonly logs: LogReaderService) {}

  /** Of which builds of a round there are logs. */
  @Get(':round/logs')
  list(@Param('round', new ZodPipe(Sha256Text)) round: string): Promise<RoundLogs> {
    return this.logs.list(round);
  }

  /** The log of one build, all of it or a part. */
  @Get(':round/logs/:builder')
  async log(
    @Param('round', new ZodPipe(Sha256Text)) round: string,
    @Param('builder', new ZodPipe(Id)) builder: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { sha256, text } = await this.logs.read(round, builder);
    void reply
      .header('content-type', 'text/plain; charset=utf-8')
      .header('etag', `"${sha256}"`)
      .header('accept-ranges', 'bytes')
      // A builder has one result in a round, and the result names one log.
      .header('cache-control', IMMUTABLE);
    return text;
  }
}
