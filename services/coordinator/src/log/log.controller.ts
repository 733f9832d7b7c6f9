import { Controller, Get, Header, HttpStatus, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Signer } from '#libs/attestation';
import { ROUTES } from '#libs/contracts';
import { quote } from '#libs/encoding';
import { ProblemError } from '#libs/platform';
import { formatVkey, parseTilePath, TlogError, type TileId } from '#libs/tlog';
import { IMMUTABLE } from '../serving/immutable.js';
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

  /**
   * A tile of the signed tree, or a bundle of its entries. None ever changes, a partial one neither:
   * a longer one has another path.
   *
   * Source: C2SP tlog-tiles
   */
  @Get('tile/*')
  async tile(
    @Param('*') path: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const text = `tile/${path}`;
    const bytes = await this.log.tile(tileAt(text));
    if (bytes === null) throw noSuchTile(`the log has no ${quote(text)} yet`);
    // Only now: that there is no such tile is true for a moment, and not to be kept for a year.
    void reply
      .header('cache-control', IMMUTABLE)
      .header('content-type', 'application/octet-stream');
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The log's verifier key, which agents and auditors pin. */
  @Get('key')
  @Header('content-type', 'text/plain; charset=utf-8')
  key(): string {
    return `${formatVkey(this.log.config.LOG_ORIGIN, this.signer.publicKey)}\n`;
  }
}

function tileAt(text: string): TileId {
  try {
    return parseTilePath(text);
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw noSuchTile(cause.message, cause);
  }
}

function noSuchTile(message: string, cause?: unknown): ProblemError {
  return new ProblemError(HttpStatus.NOT_FOUND, 'no-such-tile', message, { cause });
}
