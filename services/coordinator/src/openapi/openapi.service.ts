import { Injectable } from '@nestjs/common';
import { openApiDocument, OPERATIONS, VERSION } from '#libs/contracts';
import { sha256 } from '#libs/encoding';

/** The document of the API, made once. */
@Injectable()
export class OpenApiService {
  readonly bytes = Buffer.from(JSON.stringify(openApiDocument(OPERATIONS, { version: VERSION })));
  /** A strong one. */
  readonly etag = `"${sha256(this.bytes)}"`;
}
