import { Controller, Get, Header, Headers, HttpStatus, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { OpenApiService } from './openapi.service.js';

/** The API as it describes itself. */
@Controller()
export class OpenApiController {
  constructor(private readonly document: OpenApiService) {}

  /** The OpenAPI document; it changes with the software only. */
  @Get('v1/openapi.json')
  @Header('cache-control', 'public, max-age=86400')
  read(
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Buffer | undefined {
    const { etag, bytes } = this.document;
    void reply.header('etag', etag);
    if (known === etag) {
      void reply.status(HttpStatus.NOT_MODIFIED);
      return undefined;
    }
    void reply.header('content-type', 'application/json; charset=utf-8');
    return bytes;
  }
}
