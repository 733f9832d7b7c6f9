import { jetstreamManager, type StreamAPI } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DISPATCH_STREAM, SUBJECTS } from '#libs/contracts';
import { ensureStreams } from '#libs/messaging';
import { OutgoingEntity } from '#libs/persistence';
import { useConnection, useDataSource, useNats } from '#libs/testing';
import { OutboxService } from './outbox.service.js';

const dataSource = useDataSource();
const url = useNats();
const connection = useConnection(url);
const registry = new Registry();
const errors: string[] = [];
const begun = Date.now() - 3_600_000;

let outbox: OutboxService;
let streams: StreamAPI;
let written = 0;
beforeAll(async () => {
  const silent = { log: () => undefined, warn: () => undefined };
  Logger.overrideLogger({ ...silent, error: (message: string) => errors.push(message) });
  outbox = new OutboxService(dataSource(), connection(), registry);
  ({ streams } = await jetstreamManager(connection()));
});
beforeEach(async () => {
  await dataSource().manager.deleteAll(OutgoingEntity);
  errors.length = 0;
  registry.resetMetrics();
  await ensureStreams(connection());
  await streams.purge(DISPATCH_STREAM.name);
});
afterAll(() => outbox.onApplicationShutdown());

/** Writes a message to some builders; each is written a second after the one before. */
async function write(text: string, ...builders: readonly string[]): Promise<void> {
  written += 1;
  const message = { kind: SUBJECTS.verdictLogged, round: `${written}`, body: { text, written } };
  await outbox.enqueueAll(
    dataSource().manager,
    builders.map((builder) => ({ ...message, builder })),
    new Date(begun + written * 1000),
  );
}

/** What the stream holds: builder and text, in its order. */
async function arrived(): Promise<readonly string[]> {
  const { state } = await streams.info(DISPATCH_STREAM.name);
  const sequences = Array.from({ length: state.messages }, (_, at) => state.first_seq + at);
  const found = sequences.map((seq) => streams.getMessage(DISPATCH_STREAM.name, { seq }));
  return (await Promise.all(found)).map((stored) => {
    const { text } = stored!.json<{ text: string }>();
    return `${stored!.subject.split('.').at(-1)} ${text}`;
  });
}

/** How rows stand, oldest first. */
async function rows(): Promise<readonly string[]> {
  const all = await dataSource().manager.find(OutgoingEntity, { order: { createdAt: 'ASC' } });
  return all.map(({ sentAt, refused }) => {
    if (sentAt !== null) return 'sent';
    return refused === null ? 'waits' : `refused: ${refused}`;
  });
}

async function counted(): Promise<readonly string[]> {
  const text = await registry.metrics();
  return text.split('\n').filter((line) => line.startsWith('quorum_outgoing'));
}

describe('a message that is too large', () => {
  test.each([
    ['the stream', DISPATCH_STREAM.maxMessageBytes, 'message size exceeds maximum allowed'],
    ['the server', 2_000_000, 'it is larger than the server takes'],
  ])('for %s is set aside alone, and all others arrive', async (_, sizeBytes, reason) => {
    await write('before', 'b1', 'b2');
    await write('x'.repeat(sizeBytes), 'b1', 'b2', 'b3');
    await write('after', 'b3');
    await outbox.flush();
    expect(await arrived()).toEqual(['b1 before', 'b2 before', 'b3 after']);
    expect(await rows()).toEqual(['sent', `refused: ${reason}`, 'sent']);
  });

  test('is told and counted once, and not tried again', async () => {
    await write('x'.repeat(2_000_000), 'b1', 'b2');
    await outbox.flush();
    await write('later', 'b1');
    await outbox.flush();
    await outbox.flush();
    expect(await arrived()).toEqual(['b1 later']);
    expect(errors).toEqual([
      expect.stringMatching(/^verdict-logged to 2 builders is not sent: .*20000\d\d bytes\)$/),
    ]);
    expect(await counted()).toEqual(['quorum_outgoing_refused_total{kind="verdict-logged"} 2']);
  });

  test('keeps none waiting, however many there are', async () => {
    await streams.update(DISPATCH_STREAM.name, { max_msg_size: 1_000 });
    for (let at = 0; at < 101; at += 1) await write('x'.repeat(1_000), 'b1');
    await write('good', 'b1');
    await outbox.flush();
    expect(await arrived()).toEqual(['b1 good']);
    await streams.delete(DISPATCH_STREAM.name);
  });

  test('is tried again when the streams are made anew', async () => {
    await write('x'.repeat(1_010_000), 'b1');
    await outbox.flush();
    await streams.delete(DISPATCH_STREAM.name);
    await outbox.prepare();
    expect(await rows()).toEqual(['waits']);
    await streams.update(DISPATCH_STREAM.name, { max_msg_size: 1_020_000 });
    await outbox.flush();
    expect(await rows()).toEqual(['sent']);
    await streams.delete(DISPATCH_STREAM.name);
  });
});

describe('messages wait, and none is set aside,', () => {
  test('while there is no stream', async () => {
    await streams.delete(DISPATCH_STREAM.name);
    await write('one', 'b1');
    await write('two', 'b2');
    await outbox.flush();
    expect(await rows()).toEqual(['waits', 'waits']);
    await outbox.prepare();
    await outbox.flush();
    expect(await arrived()).toEqual(['b1 one', 'b2 two']);
  });

  test('while the stream is full: what it took is sent once', async () => {
    const full = { max_msgs: 2, discard: 'new' } as const;
    await streams.update(DISPATCH_STREAM.name, full);
    for (const text of ['one', 'two', 'three']) await write(text, 'b1');
    await outbox.flush();
    expect(await rows()).toEqual(['sent', 'sent', 'waits']);
    await streams.update(DISPATCH_STREAM.name, { max_msgs: -1, discard: 'old' });
    await outbox.flush();
    expect(await arrived()).toEqual(['b1 one', 'b1 two', 'b1 three']);
    expect(errors).toEqual([]);
  });
});
