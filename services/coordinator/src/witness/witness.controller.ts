import {
  Body,
  Controller,
  Get,
  Header,
  HttpStatus,
  Inject,
  Param,
  Post,
  Res,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Sha256Text } from '#libs/attestation';
import { ROUTES } from '#libs/contracts';
import { ProblemError, ZodPipe } from '#libs/platform';
import { formatCosignerVkey, formatTreeSize, TREE_SIZE_TYPE } from '#libs/tlog';
import { SignedBody } from '../access/access.decorator.js';
import { OWN_WITNESS } from '../tokens.js';
import { CosigningService } from './cosigning.service.js';
import type { OwnWitness } from './own-witness.js';

const TEXT = 'text/plain; charset=utf-8';

/**
 * A witness for other logs. Who asks is told by the checkpoint's signature alone.
 *
 * Source: C2SP tlog-witness
 */
@Controller(ROUTES.witness)
export class WitnessController {
  constructor(
    private readonly cosigning: CosigningService,
    @Inject(OWN_WITNESS) private readonly own: OwnWitness | null,
  ) {}

  /** Cosigns a checkpoint that is shown to have grown from the last one. */
  @Post('add-checkpoint')
  @SignedBody()
  async add(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const isText = typeof body === 'string' || body instanceof Uint8Array;
    const decision = await this.cosigning.add(isText ? body : '');
    switch (decision.kind) {
      case 'cosigned':
        await reply.status(HttpStatus.OK).type(TEXT).send(decision.line);
        return;
      case 'conflict':
        await reply
          .status(decision.status)
          .type(TREE_SIZE_TYPE)
          .send(formatTreeSize(decision.size));
        return;
      case 'refused':
        await reply.status(decision.status).type(TEXT).send(`${decision.reason}\n`);
        return;
    }
  }

  /** The newest checkpoint of a log that was cosigned, by the hex SHA-256 of the log's origin. */
  @Get(':origin/checkpoint')
  @Header('content-type', TEXT)
  async newest(@Param('origin', new ZodPipe(Sha256Text)) origin: string): Promise<string> {
    const note = await this.cosigning.newest(origin);
    if (note !== null) return note;
    throw new ProblemError(
      HttpStatus.NOT_FOUND,
      'not-witnessed',
      `no checkpoint of a log whose origin has the digest ${origin} was cosigned here`,
    );
  }

  /** The verifier key of this witness, for the policies of those who count it. */
  @Get('key')
  @Header('content-type', TEXT)
  key(): string {
    if (this.own !== null) {
      return `${formatCosignerVkey(this.own.name, this.own.signer.publicKey)}\n`;
    }
    throw new ProblemError(HttpStatus.NOT_FOUND, 'not-witnessed', 'this coordinator is no witness');
  }
}
