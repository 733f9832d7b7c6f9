import { Controller, Get, Header, Param } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { LogIndex, ROUTES } from '#libs/contracts';
import { readEnvelopes } from '#libs/persistence';
import { ZodPipe } from '#libs/platform';
import { LogHalt } from '../log/log-halt.js';

/** What the leaves of the log are digests of, for whoever keeps a copy of all of it. */
@Controller(ROUTES.log)
export class EnvelopesController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly halt: LogHalt,
  ) {}

  /** Envelopes of the signed tree from a leaf on, one a line; none beyond the tree. */
  @Get('envelopes/:index')
  @Header('content-type', 'application/jsonl')
  async from(@Param('index', new ZodPipe(LogIndex)) index: number): Promise<string> {
    const bodies = await this.halt.read(async () => readEnvelopes(this.dataSource.manager, index));
    return bodies.map((body) => `${body}\n`).join('');
  }
}
