import { hash } from 'node:crypto';
import { Controller, Get, HttpStatus, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { quote } from '#libs/encoding';
import { ProblemError } from '#libs/platform';
import { PAGE_POLICY } from './document.js';
import { PageReaderService } from './page-reader.service.js';

const YEAR = 'public, max-age=31536000, immutable';

/** Pages for people. They are drawn of what the API answers, and say nothing that it does not. */
@Controller()
export class PagesController {
  constructor(private readonly reader: PageReaderService) {}

  /** A file of the pages; under its name it never changes. */
  @Get('assets/*')
  asset(@Param('*') name: string, @Res({ passthrough: true }) reply: FastifyReply): Buffer {
    const asset = this.reader.pages?.assets.get(name);
    if (asset === undefined) {
      throw new ProblemError(
        HttpStatus.NOT_FOUND,
        'not-found',
        `the pages have no file ${quote(name)}: load the page anew`,
      );
    }
    void reply.header('cache-control', YEAR).header('content-type', asset.type);
    return asset.bytes;
  }

  /** The page of any other address; below `/v1` there are none. */
  @Get('*')
  async page(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    if (/^\/v1(?:[/?]|$)/.test(request.url)) {
      throw new ProblemError(HttpStatus.NOT_FOUND, 'not-found', `no route ${quote(request.url)}`);
    }
    const { status, type, body } = await this.reader.read(request);
    const etag = `"${hash('sha256', body).slice(0, 32)}"`;
    void reply.status(status).headers({
      etag,
      'content-type': type,
      'content-security-policy': PAGE_POLICY,
      'cache-control': 'no-cache',
    });
    if (request.headers['if-none-match'] === etag) {
      void reply.status(HttpStatus.NOT_MODIFIED);
      return undefined;
    }
    return body;
  }
}
