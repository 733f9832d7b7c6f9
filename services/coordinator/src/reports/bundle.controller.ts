import { Controller, Get, Headers, Param, Query, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Sha256Text } from '#libs/attestation';
import { BundleQuery, ROUTES } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { gather } from '../serving/gather.js';
import { BundleService } from './bundle.service.js';

/** A bundle that is not longer is compressed, and sent in parts to who asks so. */
const MOST_GATHERED_BYTES = 4 * 1024 ** 2;

/** Evidence to take away. */
@Controller(ROUTES.rounds)
export class BundleController {
  constructor(private readonly bundles: BundleService) {}

  /** Everything that a decided round rests on, as one file; a long one is read while it is sent. */
  @Get(':round/bundle')
  async bundle(
    @Param('round', new ZodPipe(Sha256Text)) round: string,
    @Query(new ZodPipe(BundleQuery)) { log }: BundleQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | StreamableFile | undefined> {
    const { etag, lines } = await this.bundles.ofRound(round, log === 'whole');
    reply.header('etag', etag);
    if (known === etag) {
      reply.status(304);
      return undefined;
    }
    const bundle = await gather(lines(), MOST_GATHERED_BYTES);
    if (!Buffer.isBuffer(bundle)) return new StreamableFile(bundle, { type: 'application/jsonl' });
    void reply.header('content-type', 'application/jsonl').header('accept-ranges', 'bytes');
    return bundle;
  }
}
