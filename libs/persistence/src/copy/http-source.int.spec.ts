import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { HttpSource } from './http-source.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** An address of this machine at which nobody listens any more. */
async function leftAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/`;
}

describe('a coordinator that does not answer', () => {
  test('because nobody listens is told at once, with what to look at', async () => {
    const address = await leftAddress();
    await expect(new HttpSource(address).checkpoint()).rejects.toMatchObject({
      code: 'COPY_UNUSABLE',
      message: expect.stringMatching(
        /^http\S+ does not answer \(connect ECONNREFUSED [^)]*\): look at the address, and whether a coordinator runs there$/,
      ) as unknown,
    });
  });

  test('in time is told with how long it was waited for', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(
      AbortSignal.abort(new DOMException('late', 'TimeoutError')),
    );
    await expect(new HttpSource(await leftAddress()).checkpoint()).rejects.toThrow(
      /does not answer within 60 s: look at/,
    );
  });
});
