import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { beforeAll, describe, expect, test } from 'vitest';
import { ATTEST_STREAM, SUBJECTS, subjectFor } from '#libs/contracts';
import { useConnection, useNats } from '#libs/testing';
import {
  connectNats,
  ensureStreams,
  publishAll,
  publishDurably,
  publishEach,
  type DurableMessage,
} from './index.js';

const url = useNats();
const connection = useConnection(url);
beforeAll(() => ensureStreams(connection()));

/** Less than a word is waited for. */
const PROMPT_MS = 3_000;

function message(body: string, subject: string = SUBJECTS.commitSubmitted): DurableMessage {
  return { subject: subjectFor(subject, 'b1'), body, messageId: randomUUID() };
}

/** The bodies of the newest messages, in the stream's order. */
async function kept(count: number): Promise<readonly string[]> {
  const { streams } = await jetstreamManager(connection());
  const { last_seq: last } = (await streams.info(ATTEST_STREAM.name)).state;
  const sequences = Array.from({ length: count }, (_, at) => last - count + 1 + at);
  const found = sequences.map((seq) => streams.getMessage(ATTEST_STREAM.name, { seq }));
  return (await Promise.all(found)).map((stored) => stored?.string() ?? '');
}

describe('messages that are published together', () => {
  test('are all kept, in their order, once it is said that they are', async () => {
    const bodies = Array.from({ length: 700 }, (_, at) => `${at}`);
    await publishAll(
      connection(),
      bodies.map((body) => message(body)),
    );
    expect(await kept(bodies.length)).toEqual(bodies);
  });

  test('are each told their own word, when they are published at the same time', async () => {
    const sent = Array.from({ length: 300 }, (_, at) => {
      const { subject, body, messageId } = message('{}', at % 3 === 0 ? 'nowhere' : undefined);
      return publishDurably(connection(), subject, body, messageId);
    });
    const settled = await Promise.allSettled(sent);
    expect(settled.map(({ status }) => status)).toEqual(
      settled.map((_, at) => (at % 3 === 0 ? 'rejected' : 'fulfilled')),
    );
  });

  test('may be none', async () => {
    await publishAll(connection(), []);
  });
});

describe('messages that are refused for themselves', () => {
  const tooLarge = [
    message('x'.repeat(ATTEST_STREAM.maxMessageBytes)),
    message('x'.repeat(2_000_000)),
  ];

  test('are given back with the reason, and all others are kept', async () => {
    const ear = connection().subscribe('somewhere.b1', {
      callback: (_, heard) => {
        heard.respond('{"error":{"code":503,"err_code":10077,"description":"full"}}');
      },
    });
    const full = message('{}', 'somewhere');
    const good = Array.from({ length: 600 }, (_, at) => message(`good ${at}`));
    const all = good.flatMap((one, at) => (at === 300 ? [...tooLarge, full, one] : [one]));
    const refused = await publishEach(connection(), all);
    expect([...refused].map(([{ messageId }, { code }]) => [messageId, code])).toEqual(
      expect.arrayContaining([
        ...tooLarge.map(({ messageId }) => [messageId, 'TOO_LARGE']),
        [full.messageId, 'REFUSED'],
      ]),
    );
    expect(refused.size).toBe(3);
    expect(await kept(good.length)).toEqual(good.map(({ body }) => body));
    ear.unsubscribe();
  });

  test('may be all of them', async () => {
    expect([...(await publishEach(connection(), tooLarge)).keys()]).toHaveLength(2);
  });

  test('are not told apart from others where a stream is missing', async () => {
    const lost = publishEach(connection(), [...tooLarge, message('{}', 'nowhere')]);
    await expect(lost).rejects.toMatchObject({ code: 'NO_STREAM' });
  });
});

describe('it is said of a message that it is not known to be kept', () => {
  const publish = (one: DurableMessage): Promise<void> =>
    publishAll(connection(), [message('before'), one, message('after')]);

  test('when no stream keeps its subject', async () => {
    await expect(publish(message('{}', 'nowhere'))).rejects.toMatchObject({ code: 'NO_STREAM' });
  });

  test('when the stream refuses it, and those beside it are kept', async () => {
    const refused = publish(message('x'.repeat(ATTEST_STREAM.maxMessageBytes + 1)));
    await expect(refused).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect.poll(() => kept(2)).toEqual(['before', 'after']);
  });

  test('when the server would not even read it, and those beside it are kept', async () => {
    const refused = publish(message('x'.repeat(connection().info!.max_payload)));
    await expect(refused).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect.poll(() => kept(2)).toEqual(['before', 'after']);
  });

  test.each(['', 'not JSON', '{}', '{"stream":""}', '[]'])(
    'when somebody answers %j instead of a stream',
    async (answer) => {
      const ear = connection().subscribe('somewhere.b1', {
        callback: (_, heard) => {
          heard.respond(answer);
        },
      });
      const published = publish(message('{}', 'somewhere'));
      await expect(published).rejects.toMatchObject({ code: 'REFUSED' });
      ear.unsubscribe();
    },
  );

  test('at once when the connection is closed before there is a word, though another has two', async () => {
    const other = await connectNats({ url: url(), name: 'spec' });
    const heard = Promise.withResolvers<undefined>();
    const ears = [
      connection().subscribe('chatty.b1', {
        callback: (_, message) => {
          message.respond('{"stream":"X"}');
          message.respond('{"stream":"X"}');
        },
      }),
      connection().subscribe('silent.b1', {
        callback: () => {
          heard.resolve(undefined);
        },
      }),
    ];
    await connection().flush();
    const before = performance.now();
    const published = publishAll(other, [message('{}', 'chatty'), message('{}', 'silent')]);
    const refused = expect(published).rejects.toMatchObject({ code: 'NO_ANSWER' });
    await heard.promise;
    // What was answered is there before the answer to this.
    await connection().flush();
    await other.flush();
    await other.close();
    await refused;
    expect(performance.now() - before).toBeLessThan(PROMPT_MS);
    for (const ear of ears) ear.unsubscribe();
  });
});
