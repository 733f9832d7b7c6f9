import { Controller, Get, Header, HttpStatus, Inject } from '@nestjs/common';
import type { Signer } from '#libs/attestation';
import { ROUTES } from '#libs/contracts';
import { ProblemError } from '#libs/platform';
import { formatVkey } from '#libs/tlog';
import { SIGNER } from '../tokens.js';
import { LogService } from './log.service.js';

/** The log as the outside reads it. */
@Controller(ROUTES.log)
export class LogController {
  constructor(
    private readonly log: LogService,
    @Inject(SIGNER) private readonly signer: Signer,
  ) {}

  /** The newest checkpoint, a signed note. */
  @Get('checkpoint')
  @Header('content-type', 'text/plain; charset=utf-8')
  async checkpoint(): Promise<string> {
    const note = await this.log.latest();
    if (note !== null) return note;
    throw new ProblemError(HttpStatus.NOT_FOUND, 'empty-log', 'nothing has been logged yet');
  }

  /** The log's verifier key, which agents and auditors pin. */
  @Get('key')
  @Header('content-type', 'text/plain; charset=utf-8')
  key(): string {
    return `${formatVkey(this.log.config.LOG_ORIGIN, this.signer.publicKey)}\n`;
  }
}
