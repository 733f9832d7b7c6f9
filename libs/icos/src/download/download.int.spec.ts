import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createRawServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createAllowList, download, downloadSmall, type DownloadRequest } from '../index.js';

const body = Buffer.alloc(300_000, 'image ');
const digest = createHash('sha256').update(body).digest('hex');
const refusal = (code: string) => expect.objectContaining({ name: 'IcosError', code }) as Error;

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function listen(server: Server | ReturnType<typeof createRawServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server, and the paths that it was asked for. */
async function serve(listener: RequestListener): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { origin: await listen(server), asked };
}

/** A server that says exactly these bytes, then closes or stays silent. */
async function serveRaw(text: string | Buffer, isClosing: boolean): Promise<string> {
  const sockets: Socket[] = [];
  const server = createRawServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      if (isClosing) socket.end(text);
      else socket.write(text);
    });
  });
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return listen(server);
}

async function get(origin: string, more: Partial<DownloadRequest> = {}) {
  return download({
    url: `${origin}/update-img.tar.zst`,
    allow: createAllowList([origin]),
    retries: 0,
    retryDelayMs: 1,
    ...more,
  });
}

describe('a download', () => {
  test('is hashed while it streams, with its size and its tag', async () => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': body.length, etag: '"v1"' }).end(body);
    });
    const seen: number[] = [];
    const result = await get(origin, {
      onProgress: ({ receivedBytes, totalBytes }) => {
        expect(totalBytes).toBe(body.length);
        seen.push(receivedBytes);
      },
    });
    const url = `${origin}/update-img.tar.zst`;
    const size = body.length;
    expect(result).toEqual({ url, finalUrl: url, sha256: digest, sizeBytes: size, etag: '"v1"' });
    expect(seen.at(-1)).toBe(body.length);
  });

  test('in properly ended chunks is whole without a length', async () => {
    const { origin } = await serve((_, response) => {
      response.write(body.subarray(0, 1000));
      response.end(body.subarray(1000));
    });
    expect(await get(origin)).toMatchObject({ sha256: digest, etag: null });
  });

  test('of a small file gives its bytes, and no more of them than allowed', async () => {
    const { origin } = await serve((request, response) => {
      response.end(request.url === '/small' ? 'hello' : Buffer.alloc(1024 ** 2 + 1));
    });
    const small = { allow: createAllowList([origin]), retries: 0 };
    const { bytes } = await downloadSmall({ ...small, url: `${origin}/small` });
    expect(Buffer.from(bytes).toString()).toBe('hello');
    await expect(downloadSmall({ ...small, url: `${origin}/large` })).rejects.toThrow(
      refusal('TOO_LARGE'),
    );
  });
});

describe('a download that ends early has no digest', () => {
  const head = 'HTTP/1.1 200 OK\r\n';

  test.each([
    ['before its announced length', `${head}content-length: 100\r\n\r\nfifty`],
    ['in the middle of a chunk', `${head}transfer-encoding: chunked\r\n\r\n64\r\nfifty`],
    ['before the last chunk', `${head}transfer-encoding: chunked\r\n\r\n5\r\nfifty\r\n`],
    ['with no way to tell', `${head}\r\nfifty`],
    ['with no way to tell, in HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nfifty'],
  ])('%s', async (_, text) => {
    await expect(get(await serveRaw(text, true))).rejects.toThrow(refusal('TRUNCATED_DOWNLOAD'));
  });

  test('before its headers do', async () => {
    await expect(get(await serveRaw(head, true))).rejects.toThrow(refusal('NETWORK'));
  });
});

describe('a download is refused', () => {
  test('when it is larger than allowed, announced or not', async () => {
    const { origin } = await serve((request, response) => {
      if (request.url?.endsWith('announced') === true) {
        response.writeHead(200, { 'content-length': body.length });
      }
      response.end(body);
    });
    for (const url of [`${origin}/announced`, `${origin}/silent`]) {
      await expect(get(origin, { url, maxBytes: body.length - 1 })).rejects.toThrow(
        refusal('TOO_LARGE'),
      );
    }
    expect(await get(origin, { maxBytes: body.length })).toMatchObject({ sha256: digest });
  });

  test('when it stalls, before or after its headers, or takes too long', async () => {
    const silent = await serveRaw('HTTP/1.1 200 OK\r\n', false);
    await expect(get(silent, { stallTimeoutMs: 100 })).rejects.toThrow(refusal('STALLED'));
    const stuck = await serveRaw('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfour', false);
    await expect(get(stuck, { stallTimeoutMs: 100 })).rejects.toThrow(refusal('STALLED'));
    const { origin } = await serve((_, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => {
        clearInterval(drip);
      });
    });
    const slow = { stallTimeoutMs: 5_000, totalTimeoutMs: 200 };
    await expect(get(origin, slow)).rejects.toThrow(refusal('STALLED'));
  });

  test.each([
    [404, 'HTTP_REFUSED'],
    [403, 'HTTP_REFUSED'],
    [206, 'HTTP_REFUSED'],
    [304, 'HTTP_REFUSED'],
    [503, 'HTTP_UNAVAILABLE'],
    [429, 'HTTP_UNAVAILABLE'],
  ])('when the status is %i', async (status, code) => {
    const { origin } = await serve((_, response) => {
      response.writeHead(status).end();
    });
    await expect(get(origin)).rejects.toThrow(refusal(code));
  });

  test('when the body is encoded, so that its digest would be of other bytes', async () => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    });
    await expect(get(origin)).rejects.toThrow(refusal('BAD_RESPONSE'));
  });

  test('when its URL is not on the list, before anyone is asked', async () => {
    const { origin, asked } = await serve((_, response) => response.end());
    const allow = createAllowList(['https://download.dfinity.systems']);
    await expect(get(origin, { allow })).rejects.toThrow(refusal('URL_NOT_ALLOWED'));
    expect(asked).toEqual([]);
  });

  test('when its name resolves to this machine, before anyone is asked', async () => {
    const { origin, asked } = await serve((_, response) => response.end());
    const named = origin.replace('127.0.0.1', 'cdn.example.com');
    const resolve = async () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const allow = createAllowList([named], resolve);
    await expect(get(named, { allow })).rejects.toThrow(refusal('PRIVATE_ADDRESS'));
    expect(asked).toEqual([]);
  });

  test('when nobody listens', async () => {
    await expect(get('http://127.0.0.1:1')).rejects.toThrow(refusal('NETWORK'));
  });

  test('when it is interrupted, at any point', async () => {
    const stuck = await serveRaw('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfour', false);
    await expect(get(stuck, { signal: AbortSignal.abort() })).rejects.toThrow(
      refusal('INTERRUPTED'),
    );
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort();
    };
    await expect(get(stuck, { signal: stop.signal, onProgress })).rejects.toThrow(
      refusal('INTERRUPTED'),
    );
  });
});

test('an error of whoever watches a download is passed on, and is no fault to try again', async () => {
  const { origin, asked } = await serve((_, response) => response.end(body));
  const onProgress = () => {
    throw new Error('the terminal is gone');
  };
  await expect(get(origin, { onProgress, retries: 2 })).rejects.toThrow('the terminal is gone');
  expect(asked).toHaveLength(1);
});

describe('a redirect', () => {
  test('among listed hosts is followed', async () => {
    const target = await serve((_, response) => response.end(body));
    const source = await serve((request, response) => {
      const location = request.url === '/here' ? `${target.origin}/there` : '/here';
      response.writeHead(302, { location }).end();
    });
    const allow = createAllowList([source.origin, target.origin]);
    expect(await get(source.origin, { allow })).toMatchObject({
      url: `${source.origin}/update-img.tar.zst`,
      finalUrl: `${target.origin}/there`,
      sha256: digest,
    });
    expect(source.asked).toEqual(['/update-img.tar.zst', '/here']);
  });

  test('off the list is not, and the target is not asked', async () => {
    const target = await serve((_, response) => response.end(body));
    const { port } = new URL(target.origin);
    for (const location of [`${target.origin}/x`, `//127.0.0.1:${port}/x`, 'file:///etc/passwd']) {
      const source = await serve((_, response) => response.writeHead(302, { location }).end());
      await expect(get(source.origin)).rejects.toThrow(refusal('URL_NOT_ALLOWED'));
    }
    expect(target.asked).toEqual([]);
  });

  test('in a circle, or to nowhere, is refused', async () => {
    const circle = await serve((_, response) => response.writeHead(307, { location: '/' }).end());
    await expect(get(circle.origin)).rejects.toThrow(refusal('TOO_MANY_REDIRECTS'));
    expect(circle.asked).toHaveLength(6);
    const nowhere = await serve((_, response) => response.writeHead(301).end());
    await expect(get(nowhere.origin)).rejects.toThrow(refusal('BAD_RESPONSE'));
  });
});

describe('a fault', () => {
  test('that passes is overcome, and the digest is of the last attempt alone', async () => {
    let attempts = 0;
    const { origin } = await serve((request, response) => {
      attempts += 1;
      if (attempts === 1) response.writeHead(503).end();
      else if (attempts === 2) {
        response.writeHead(200, { 'content-length': body.length });
        response.write(body.subarray(0, 100_000), () => request.socket.destroy());
      } else response.writeHead(200, { 'content-length': body.length }).end(body);
    });
    const allow = createAllowList([origin]);
    const result = await downloadSmall({ url: `${origin}/x`, allow, retries: 3, retryDelayMs: 1 });
    expect(result).toMatchObject({ sha256: digest });
    expect(Buffer.from(result.bytes)).toEqual(body);
    expect(attempts).toBe(3);
  });

  test('that stays is tried as often as allowed, one that is final only once', async () => {
    const { origin, asked } = await serve((request, response) => {
      response.writeHead(request.url === '/gone' ? 404 : 500).end();
    });
    await expect(get(origin, { url: `${origin}/down`, retries: 2 })).rejects.toThrow(
      refusal('HTTP_UNAVAILABLE'),
    );
    await expect(get(origin, { url: `${origin}/gone`, retries: 2 })).rejects.toThrow(
      refusal('HTTP_REFUSED'),
    );
    expect(asked).toEqual(['/down', '/down', '/down', '/gone']);
  });
});
