import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { describe, expect, test } from 'vitest';
import {
  ATTEST_STREAM,
  builderDurable,
  COORDINATOR_DURABLE,
  DISPATCH_STREAM,
  SUBJECTS,
  subjectFor,
} from '#libs/contracts';
import { useConnection, useNats } from '#libs/testing';
import { ensureBuilderConsumer, ensureStreams, publishDurably } from './index.js';

const url = useNats({ extraConfig: 'max_payload: 4194304' });
const connection = useConnection(url);

async function publish(subject: string, builder: string, body: string): Promise<void> {
  await publishDurably(connection(), subjectFor(subject, builder), body, randomUUID());
}

/** Takes what waits for a builder, without waiting for more. */
async function received(builder: string): Promise<string[]> {
  const consumer = await jetstream(connection()).consumers.get(
    DISPATCH_STREAM.name,
    builderDurable(builder),
  );
  const { num_pending: waiting } = await consumer.info();
  const bodies: string[] = [];
  for (let taken = 0; taken < waiting; taken += 1) {
    const message = await consumer.next({ expires: 2_000 });
    bodies.push(message!.string());
    await message!.ackAck();
  }
  return bodies;
}

describe('the streams', () => {
  test('are made where they are missing, and it is told that what was sent before is lost', async () => {
    expect(await ensureStreams(connection())).toEqual({ dispatchWasMissing: true });
    const manager = await jetstreamManager(connection());
    await expect(manager.streams.info(DISPATCH_STREAM.name)).resolves.toBeDefined();
    await expect(manager.streams.info(ATTEST_STREAM.name)).resolves.toBeDefined();
  });

  test('are left as they are when they are there, with what they hold', async () => {
    await publish(SUBJECTS.commitSubmitted, 'b1', '{}');
    expect(await ensureStreams(connection())).toEqual({ dispatchWasMissing: false });
    const manager = await jetstreamManager(connection());
    const { state } = await manager.streams.info(ATTEST_STREAM.name);
    expect(state.messages).toBe(1);
  });

  test('are made once by coordinators that start at the same time', async () => {
    const manager = await jetstreamManager(connection());
    await manager.streams.delete(DISPATCH_STREAM.name);
    await manager.streams.delete(ATTEST_STREAM.name);
    await Promise.all([1, 2, 3].map(() => ensureStreams(connection())));
    expect(await ensureStreams(connection())).toEqual({ dispatchWasMissing: false });
  });

  test('come back when one of them is lost, and only a lost DISPATCH is told', async () => {
    const manager = await jetstreamManager(connection());
    await manager.streams.delete(ATTEST_STREAM.name);
    expect(await ensureStreams(connection())).toEqual({ dispatchWasMissing: false });
    await expect(
      manager.consumers.info(ATTEST_STREAM.name, COORDINATOR_DURABLE),
    ).resolves.toBeDefined();
    await manager.streams.delete(DISPATCH_STREAM.name);
    expect(await ensureStreams(connection())).toEqual({ dispatchWasMissing: true });
  });

  test('let nobody on the wire remove what was submitted', async () => {
    await publish(SUBJECTS.commitSubmitted, 'b1', '{}');
    const manager = await jetstreamManager(connection());
    await expect(manager.streams.purge(ATTEST_STREAM.name)).rejects.toThrow(/not permitted|denied/);
    await expect(manager.streams.deleteMessage(ATTEST_STREAM.name, 1)).rejects.toThrow(
      /not permitted|denied/,
    );
  });

  test('of an older version are given the limit of what one builder may have waiting', async () => {
    const manager = await jetstreamManager(connection());
    await manager.streams.update(ATTEST_STREAM.name, { max_msgs_per_subject: 2 });
    const last = async (builder: string): Promise<number> => {
      const filter = subjectFor(SUBJECTS.verdictAnswered, builder);
      const info = await manager.streams.info(ATTEST_STREAM.name, { subjects_filter: filter });
      return info.state.subjects?.[filter] ?? 0;
    };
    await publish(SUBJECTS.verdictAnswered, 'quiet', '{}');
    for (let count = 0; count < 5; count += 1)
      await publish(SUBJECTS.verdictAnswered, 'loud', '{}');
    expect([await last('loud'), await last('quiet')]).toEqual([2, 1]);
    await ensureStreams(connection());
    const { config } = await manager.streams.info(ATTEST_STREAM.name);
    expect(config.max_msgs_per_subject).toBe(ATTEST_STREAM.maxMessagesPerSubject);
  });

  test('take no message above their limit, even where the server would', async () => {
    const body = JSON.stringify('x'.repeat(2_000_000));
    await expect(publish(SUBJECTS.commitSubmitted, 'b1', body)).rejects.toThrow(/maximum/);
  });

  test('drop a second message with the id of a first', async () => {
    const manager = await jetstreamManager(connection());
    const before = (await manager.streams.info(ATTEST_STREAM.name)).state.messages;
    const subject = subjectFor(SUBJECTS.commitSubmitted, 'b1');
    await publishDurably(connection(), subject, '1', 'same');
    await publishDurably(connection(), subject, '2', 'same');
    const after = (await manager.streams.info(ATTEST_STREAM.name)).state.messages;
    expect(after - before).toBe(1);
  });
});

describe('a builder’s consumer', () => {
  test('gets what is sent to it, in order, and nothing that is sent to others', async () => {
    await ensureBuilderConsumer(connection(), 'b1');
    await ensureBuilderConsumer(connection(), 'b2');
    await publish(SUBJECTS.buildRequested, 'b1', 'one');
    await publish(SUBJECTS.buildRequested, 'b2', 'other');
    await publish(SUBJECTS.receiptsIssued, 'b1', 'two');
    // Neither a longer subject nor a builder whose name begins alike is its own.
    await publish(SUBJECTS.buildRequested, 'b11', 'stranger');
    await publish(SUBJECTS.buildRequested, 'x.b1', 'deeper');
    await publish(SUBJECTS.commitSubmitted, 'b1', 'its own words');
    expect(await received('b1')).toEqual(['one', 'two']);
    expect(await received('b2')).toEqual(['other']);
  });

  test('may be asked for again: it loses nothing and repeats nothing', async () => {
    await publish(SUBJECTS.roundClosed, 'b1', 'three');
    await ensureBuilderConsumer(connection(), 'b1');
    expect(await received('b1')).toEqual(['three']);
    await ensureBuilderConsumer(connection(), 'b1');
    expect(await received('b1')).toEqual([]);
  });

  test('finds what was sent before it was there', async () => {
    await publish(SUBJECTS.buildRequested, 'b3', 'early');
    await ensureBuilderConsumer(connection(), 'b3');
    expect(await received('b3')).toEqual(['early']);
  });
});
