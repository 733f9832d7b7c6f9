import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Id, type Envelope } from '#libs/attestation';
import {
  KeyListQuery,
  ROUTES,
  SubmittedKey,
  type BuilderKeys,
  type KeyLogged,
  type KeyRecords,
} from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { SignedBody } from '../access/access.decorator.js';
import { KeyReaderService } from './key-reader.service.js';
import { KeysService } from './keys.service.js';

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
  list(@Query(new ZodPipe(KeyListQuery)) { after, limit }: KeyListQuery): Promise<KeyRecords> {
    return this.reader.list(after, limit);
  }

  /** How a builder's newest keys stand now. */
  @Get(':builder')
  standing(@Param('builder', new ZodPipe(Id)) builder: string): Promise<BuilderKeys> {
    return this.reader.standing(builder, new Date());
  }
}
