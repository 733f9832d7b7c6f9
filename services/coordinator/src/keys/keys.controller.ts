import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Envelope, Id } from '#libs/attestation';
import { ROUTES, type BuilderKeys, type KeyLogged, type KeyRecords } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { SignedBody } from '../access/access.decorator.js';
import { KeyReaderService } from './key-reader.service.js';
import { KeysService } from './keys.service.js';

/** Characters of a payload: a record has three keys and four proofs, in a few thousand. */
const PAYLOAD_LIMIT = 32_768;

const SubmittedKey = Envelope.refine(({ payload }) => payload.length <= PAYLOAD_LIMIT, {
  message: `a key record has at most ${PAYLOAD_LIMIT} characters of payload`,
});

const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** The `next` of the page before. */
  after: z.coerce.number().int().min(-1).default(-1),
});

/** The life of keys over HTTP. */
@Controller(ROUTES.keys)
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly reader: KeyReaderService,
  ) {}

  /** Logs an operator's enrolment, rotation or revocation. */
  @Post()
  @SignedBody()
  @HttpCode(200)
  submit(@Body(new ZodPipe(SubmittedKey)) envelope: Envelope): Promise<KeyLogged> {
    return this.keys.submit(envelope);
  }

  /** Lists key records in log order. */
  @Get()
  list(
    @Query(new ZodPipe(ListQuery)) { after, limit }: z.infer<typeof ListQuery>,
  ): Promise<KeyRecords> {
    return this.reader.list(after, limit);
  }

  /** How a builder's newest keys stand now. */
  @Get(':builder')
  standing(@Param('builder', new ZodPipe(Id)) builder: string): Promise<BuilderKeys> {
    return this.reader.standing(builder, new Date());
  }
}
