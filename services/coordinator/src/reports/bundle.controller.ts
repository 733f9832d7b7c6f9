import { Readable } from 'node:stream';
import { Controller, Get, Headers, Param, Query, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Sha256Text } from '#libs/attestation';
import { BundleQuery, ROUTES } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { BundleService } from './bundle.service.js';

/** Evidence to take away. */
@Controller(ROUTES.rounds)
export class BundleController {
  constructor(private readonly bundles: BundleService) {}

  /** Everything that a decided round rests on, as one file; read while it is sent. */
  @Get(':round/bundle')
  async bundle(
    @Param('round', new ZodPipe(Sha256Text)) round: string,
    @Query(new ZodPipe(BundleQuery)) { log }: BundleQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const { etag, lines } = await this.bundles.ofRound(round, log === 'whole');
    reply.header('etag', etag);
    if (known === etag) {
      reply.status(304);
      return undefined;
    }
    // As bytes: in object mode it would read ahead by lines, and a line may be long.
    const stream = Readable.from(lines(), { objectMode: false });
    return new StreamableFile(stream, { type: 'application/jsonl' });
  }
}
