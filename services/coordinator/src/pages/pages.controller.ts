import { Controller, Get, HttpStatus, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { quote } from '#libs/encoding';
import { ProblemError } from '#libs/platform';
import { chooseCoding, isCompressible } from '../serving/codings.js';
import { PAGE_POLICY } from './document.js';
import { PageReaderService } from './page-reader.service.js';

const YEAR = 'public, max-age=31536000, immutable';

/** Pages for people. They are drawn of what the API answers, and say nothing that it does not. */
@Controller()
export class PagesController {
  constructor(private readonly reader: PageReaderService) {}

  /** A file of the pages; under its name it never changes. */
  @Get('assets/*')
  async asset(
    @Param('*') name: string,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const asset = this.reader.pages?.assets.get(name);
    if (asset === undefined) {
      throw new ProblemError(
        HttpStatus.NOT_FOUND,
        'not-found',
        `the pages have no file ${quote(name)}: load the page anew`,
      );
    }
    void reply.headers({
      'content-type': asset.type,
      'cache-control': YEAR,
      // A worker is held by the policy that it comes with, not by that of its page.
      'content-security-policy': PAGE_POLICY,
    });
    const coding = isCompressible(asset.type) ? chooseCoding(headers['accept-encoding']) : null;
    if (coding === null) return asset.bytes;
    void reply.header('content-encoding', coding).header('vary', 'Accept-Encoding');
    return asset.coded(coding);
  }

  /** The page of any other address; below `/v1` there are none. */
  @Get('*')
  async page(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (/^\/v1(?:[/?]|$)/.test(request.url)) {
      throw new ProblemError(HttpStatus.NOT_FOUND, 'not-found', `no route ${quote(request.url)}`);
    }
    const { status, type, body } = await this.reader.read(request);
    void reply.status(status).headers({
      'content-type': type,
      'content-security-policy': PAGE_POLICY,
      'cache-control': 'no-cache',
    });
    return body;
  }
}
