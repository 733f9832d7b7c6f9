import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';

/**
 * Answers a request by a CGI program: the body on its standard input, header and body from its
 * standard output. `variables` add to those which tell of the request itself.
 *
 * @throws Error when the program ends before its header does
 * Source: RFC 3875 sections 4 and 6
 */
export async function runCgi(
  [program, ...args]: readonly [string, ...string[]],
  request: IncomingMessage,
  response: ServerResponse,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const child = execa(program, args, {
    env: {
      GATEWAY_INTERFACE: 'CGI/1.1',
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'],
      CONTENT_LENGTH: request.headers['content-length'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      REMOTE_ADDR: request.socket.remoteAddress,
      ...variables,
    },
    stdin: 'pipe',
    buffer: false,
    reject: false,
  });
  // A caller that hangs up ends the program; one that ends early need not have read all its input.
  response.once('close', () => child.kill());
  const fed = pipeline(request, child.stdin).catch(() => undefined);

  const [head, body] = await splitHeader(child.stdout);
  response.writeHead(head.status, head.fields);
  response.write(body);
  await pipeline(child.stdout, response);
  await Promise.all([fed, child]);
}

interface CgiHeader {
  readonly status: number;
  readonly fields: Record<string, string>;
}

const HEADER_LIMIT_BYTES = 64 * 1024;

async function splitHeader(output: Readable): Promise<[CgiHeader, Buffer]> {
  let seen = Buffer.alloc(0);
  // Not destroyed on leaving the loop: the body is read on from where the header ended.
  const chunks: AsyncIterable<Buffer> = output.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    seen = Buffer.concat([seen, chunk]);
    const end = seen.indexOf('\r\n\r\n');
    if (end >= 0) return [parseHeader(seen.toString('latin1', 0, end)), seen.subarray(end + 4)];
    if (seen.byteLength > HEADER_LIMIT_BYTES) break;
  }
  throw new Error('the CGI program gave no header');
}

function parseHeader(text: string): CgiHeader {
  const fields: Record<string, string> = {};
  let status = 200;
  for (const line of text.split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*(.*)/s);
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else fields[name] = value;
  }
  return { status, fields };
}
