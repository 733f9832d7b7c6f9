import { Controller, Get, Headers, Ip, Param, Res, StreamableFile } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import { Sha256Text } from '#libs/attestation';
import { ROUTES } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { RoundWatchService } from './round-watch.service.js';

/** Rounds as they go on. */
@Controller(ROUTES.rounds)
export class LiveController {
  constructor(private readonly rounds: RoundWatchService) {}

  /** Tells what becomes of a round until its verdict, as server-sent events. */
  @Get(':round/events')
  async events(
    @Param('round', new ZodPipe(Sha256Text)) round: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Ip() ip: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const stream = await this.rounds.open({ round, lastEventId, address: normalizeIp(ip) });
    // A proxy that gathers what it passes on would make it anything but live.
    void reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    if (stream === null) {
      // The one answer after which a browser does not come back.
      void reply.status(204);
      return undefined;
    }
    return new StreamableFile(stream, { type: 'text/event-stream' });
  }
}
