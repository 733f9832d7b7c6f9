import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ATTEST_STREAM, COORDINATOR_DURABLE, SUBJECTS, subjectFor } from '#libs/contracts';
import { useConnection, useNats } from '#libs/testing';
import {
  connectNats,
  DONE,
  ensureStreams,
  JetStreamServer,
  publishDurably,
  receive,
  type Delivery,
} from './index.js';

const url = useNats();
const connection = useConnection(url);
const servers: JetStreamServer[] = [];
const dropped: string[] = [];
beforeAll(async () => {
  // Refusals are the subject here, not news.
  Logger.overrideLogger(false);
  await ensureStreams(connection());
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

type Handle = (data: unknown) => Promise<Delivery>;

function serve(handle: Handle, inFlight?: number, own = connection()): JetStreamServer {
  const server = new JetStreamServer({
    connection: own,
    stream: ATTEST_STREAM.name,
    durable: COORDINATOR_DURABLE,
    prepare: async () => {
      await ensureStreams(connection());
    },
    onDrop: (pattern) => dropped.push(pattern),
    ...(inFlight !== undefined && { inFlight }),
  });
  server.addHandler(SUBJECTS.commitSubmitted, handle, true);
  server.listen(() => undefined);
  servers.push(server);
  return server;
}

async function publish(body: string, subject: string = SUBJECTS.commitSubmitted): Promise<void> {
  await publishDurably(connection(), subjectFor(subject, 'b1'), body, randomUUID());
}

/** Messages that were delivered and not acknowledged, and those not delivered yet. */
async function outstanding(): Promise<{ unacknowledged: number; waiting: number }> {
  const manager = await jetstreamManager(connection());
  const info = await manager.consumers.info(ATTEST_STREAM.name, COORDINATOR_DURABLE);
  return { unacknowledged: info.num_ack_pending, waiting: info.num_pending };
}

const NOTHING = { unacknowledged: 0, waiting: 0 };
/** Less than a request for messages lasts, which a close must not wait for. */
const PROMPT_MS = 3_000;
const soon = { timeout: 20_000, interval: 10 };

function deferred(): { promise: Promise<void>; resolve: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    promise,
    resolve: () => {
      resolve(undefined);
    },
  };
}

describe('a message', () => {
  test('is acknowledged once its handler says that it is done, and not before', async () => {
    const [begun, held] = [deferred(), deferred()];
    serve(async () => {
      begun.resolve();
      await held.promise;
      return DONE;
    });
    await publish('{}');
    await begun.promise;
    expect(await outstanding()).toEqual({ unacknowledged: 1, waiting: 0 });
    held.resolve();
    await expect.poll(outstanding, soon).toEqual(NOTHING);
  });

  test('that cannot be handled now comes again after the delay, not sooner', async () => {
    const times: number[] = [];
    serve(() => {
      times.push(performance.now());
      return Promise.resolve(
        times.length === 1 ? { kind: 'retry', afterMs: 400, reason: 'not now' } : DONE,
      );
    });
    await publish('{}');
    await expect.poll(outstanding, soon).toEqual(NOTHING);
    expect(times).toHaveLength(2);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(390);
  });

  test('whose handler rejects, throws or says nothing is retried', async () => {
    const failures: Readonly<Record<string, Handle>> = {
      rejects: () => Promise.reject(new Error('database away')),
      throws: () => {
        throw new Error('database away');
      },
      'says nothing': () => Promise.resolve(undefined as unknown as Delivery),
    };
    const tries: string[] = [];
    serve((data) => {
      const name = String(data);
      const isFirst = !tries.includes(name);
      tries.push(name);
      return isFirst ? failures[name]!(data) : Promise.resolve(DONE);
    });
    for (const name of Object.keys(failures)) await publish(JSON.stringify(name));
    await expect.poll(outstanding, soon).toEqual(NOTHING);
    expect(tries).toEqual([...Object.keys(failures), ...Object.keys(failures)]);
  });

  test('that is malformed, or that nobody handles, is dropped for good and blocks none behind it', async () => {
    const handled: unknown[] = [];
    dropped.length = 0;
    serve((data) =>
      receive(z.strictObject({ fine: z.boolean() }), data, (message) => {
        handled.push(message);
        return Promise.resolve(DONE);
      }),
    );
    // More than may be unacknowledged at a time: if one of them stayed, nothing would move.
    for (let count = 0; count < 350; count += 1) {
      await publish('not JSON');
      await publish('{"fine":"no"}');
      await publish('{}', SUBJECTS.resultSubmitted);
    }
    await publish('{"fine":true}');
    await expect.poll(outstanding, soon).toEqual(NOTHING);
    expect(handled).toEqual([{ fine: true }]);
    expect(dropped.filter((pattern) => pattern === SUBJECTS.commitSubmitted)).toHaveLength(700);
    expect(dropped.filter((pattern) => pattern === SUBJECTS.resultSubmitted)).toHaveLength(350);
  });
});

describe('messages', () => {
  test('are handled in the order in which they were sent, one at a time', async () => {
    const seen: unknown[] = [];
    let atWork = 0;
    serve(async (data) => {
      atWork += 1;
      expect(atWork).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(data);
      atWork -= 1;
      return DONE;
    });
    const sent = Array.from({ length: 40 }, (_, at) => at);
    for (const at of sent) await publish(String(at));
    await expect.poll(() => seen.length, soon).toBe(sent.length);
    expect(seen).toEqual(sent);
  });

  test('are begun in order and done in any, as many at a time as may be in flight', async () => {
    const begun: { data: unknown; done: () => void }[] = [];
    serve(async (data) => {
      const held = deferred();
      begun.push({ data, done: held.resolve });
      await held.promise;
      return DONE;
    }, 4);
    for (let at = 0; at < 6; at += 1) await publish(String(at));
    await expect.poll(() => begun.map(({ data }) => data), soon).toEqual([0, 1, 2, 3]);
    begun[2]!.done();
    await expect.poll(() => begun.map(({ data }) => data), soon).toEqual([0, 1, 2, 3, 4]);
    for (const at of [0, 1, 3, 4]) begun[at]!.done();
    await expect.poll(() => begun.length, soon).toBe(6);
    begun[5]!.done();
    await expect.poll(outstanding, soon).toEqual(NOTHING);
  });

  test('are each handled by one of two servers', async () => {
    const seen: unknown[] = [];
    const handle: Handle = (data) => {
      seen.push(data);
      return Promise.resolve(DONE);
    };
    serve(handle);
    serve(handle);
    for (let at = 0; at < 20; at += 1) await publish(String(at));
    await expect.poll(outstanding, soon).toEqual(NOTHING);
    expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 20 }, (_, at) => at),
    );
  });

  test('are left to other servers by one that has its hands full', async () => {
    const held = deferred();
    const seen: string[] = [];
    const handle =
      (name: string, wait: Promise<void>): Handle =>
      async (data) => {
        seen.push(`${name} ${String(data)}`);
        await wait;
        return DONE;
      };
    for (let at = 0; at < 40; at += 1) await publish(String(at));
    serve(handle('busy', held.promise), 8);
    await expect.poll(() => seen.length, soon).toBe(8);
    serve(handle('idle', Promise.resolve()), 8);
    await expect.poll(() => seen.length, soon).toBeGreaterThanOrEqual(32);
    expect(seen.filter((line) => line.startsWith('busy'))).toHaveLength(8);
    held.resolve();
    await expect.poll(outstanding, soon).toEqual(NOTHING);
  });

  test('arrive after the stream was deleted and made anew under a running server', async () => {
    const handle = vi.fn<Handle>(() => Promise.resolve(DONE));
    serve(handle);
    await publish('1');
    await expect.poll(() => handle.mock.calls.length, soon).toBe(1);
    const manager = await jetstreamManager(connection());
    await manager.streams.delete(ATTEST_STREAM.name);
    await ensureStreams(connection());
    await publish('2');
    await expect.poll(() => handle.mock.calls.at(-1)?.[0], soon).toBe(2);
    await manager.streams.delete(ATTEST_STREAM.name);
    // Nobody else makes it now: the server's own preparation has to.
    await vi.waitFor(() => publish('3'), { timeout: 10_000, interval: 100 });
    await expect.poll(() => handle.mock.calls.at(-1)?.[0], soon).toBe(3);
  });
});

describe('closing', () => {
  test('an idle server is prompt, and what comes later is left for the next one', async () => {
    const handled: unknown[] = [];
    const idle = serve((data) => {
      handled.push(data);
      return Promise.resolve(DONE);
    });
    await publish('1');
    await expect.poll(outstanding, soon).toEqual(NOTHING);
    const before = performance.now();
    await idle.close();
    expect(performance.now() - before).toBeLessThan(PROMPT_MS);
    await publish('2');
    expect(await outstanding()).toEqual({ unacknowledged: 0, waiting: 1 });
    serve((data) => {
      handled.push(data);
      return Promise.resolve(DONE);
    });
    await expect.poll(() => handled, soon).toEqual([1, 2]);
  });

  test('a server at work lets it finish, acknowledges it, and begins nothing more', async () => {
    const [begun, held] = [deferred(), deferred()];
    const seen: string[] = [];
    const first = serve(async (data) => {
      begun.resolve();
      await held.promise;
      seen.push(`first ${String(data)}`);
      return DONE;
    });
    await publish('1');
    await publish('2');
    await begun.promise;
    let isClosed = false;
    const closed = first.close().then(() => {
      isClosed = true;
    });
    expect(await outstanding()).toEqual({ unacknowledged: 1, waiting: 1 });
    expect(isClosed).toBe(false);
    held.resolve();
    await closed;
    serve((data) => {
      seen.push(`second ${String(data)}`);
      return Promise.resolve(DONE);
    });
    await expect.poll(outstanding, soon).toEqual(NOTHING);
    expect(seen).toEqual(['first 1', 'second 2']);
  });

  test('a server has its acknowledgements heard, though its connection is closed at once', async () => {
    const own = await connectNats({ url: url(), name: 'spec' });
    const held = deferred();
    let begun = 0;
    const server = serve(
      async () => {
        begun += 1;
        await held.promise;
        return DONE;
      },
      64,
      own,
    );
    for (let at = 0; at < 30; at += 1) await publish(String(at));
    await expect.poll(() => begun, soon).toBe(30);
    held.resolve();
    await server.close();
    await own.close();
    await expect.poll(outstanding, soon).toEqual(NOTHING);
  });

  test('a server with many in flight handles what it has fetched, and leaves the rest', async () => {
    const held = deferred();
    const seen: string[] = [];
    const first = serve(async (data) => {
      await held.promise;
      seen.push(`first ${String(data)}`);
      return DONE;
    }, 4);
    for (let at = 0; at < 30; at += 1) await publish(String(at));
    await expect.poll(outstanding, soon).not.toMatchObject({ unacknowledged: 0 });
    const closed = first.close();
    held.resolve();
    await closed;
    const before = performance.now();
    serve((data) => {
      seen.push(`second ${String(data)}`);
      return Promise.resolve(DONE);
    });
    await expect.poll(() => seen.length, soon).toBe(30);
    expect(performance.now() - before).toBeLessThan(PROMPT_MS);
    expect(new Set(seen.map((line) => line.split(' ')[1])).size).toBe(30);
    expect(seen.filter((line) => line.startsWith('first')).length).toBeLessThan(20);
  });

  test('a server whose stream is missing is prompt too', async () => {
    const lost = new JetStreamServer({
      connection: connection(),
      stream: 'NOWHERE',
      durable: 'nobody',
    });
    lost.listen(() => undefined);
    const before = performance.now();
    await lost.close();
    expect(performance.now() - before).toBeLessThan(PROMPT_MS);
  });
});
