import { readFile } from 'node:fs/promises';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  ATTEST_STREAM,
  BUILDER_API_PREFIX,
  DISPATCH_STREAM,
  subjectFor,
  SUBJECTS,
} from '#libs/contracts';
import { askBuilder, ensureBuilderConsumers, ensureStreams, publishDurably } from '#libs/messaging';
import type { AccountDirectory } from '#libs/nats-authority';
import { eventually, makeNatsKey, useNatsWithAccounts } from '#libs/testing';
import { WireClient } from './wire-client.js';

const ATTACKER = 'b1';
const VICTIM = 'b2';
const [attackerKey, victimKey] = [makeNatsKey(), makeNatsKey()];
const nats = useNatsWithAccounts();
let coordinator: NatsConnection;
let manager: JetStreamManager;
let directory: AccountDirectory;
let victim: NatsConnection;
let attacker: WireClient;
/** Everything that reaches the coordinators' account while a test runs. */
let arrived: string[];

beforeAll(async () => {
  directory = await nats().directory();
  coordinator = await nats().coordinator();
  manager = await jetstreamManager(coordinator);
  await ensureStreams(coordinator);
  await ensureBuilderConsumers(coordinator, [ATTACKER, VICTIM]);
  await directory.admitBuilder({ builder: ATTACKER, natsPublicKey: attackerKey.publicKey });
  await directory.admitBuilder({ builder: VICTIM, natsPublicKey: victimKey.publicKey });
  victim = await nats().builder(VICTIM, victimKey);
  coordinator.subscribe('quorum.>', {
    callback: (_, { subject }) => {
      arrived.push(subject);
    },
  });
  await coordinator.flush();
});

beforeEach(async () => {
  arrived = [];
  attacker = await signIn();
});
afterEach(() => {
  attacker.close();
});

async function signIn(): Promise<WireClient> {
  const { jwt } = nats().credentials(ATTACKER, attackerKey);
  return WireClient.open(nats().url, { jwt: jwt(), seed: attackerKey.seed });
}

/** What the server has written down as refused: an operator reads it in its log. */
async function violations(): Promise<number> {
  const log = await readFile(nats().logFile, 'utf8');
  return log.match(/\[ERR\].*(?:Publish|Subscription) Violation/g)?.length ?? 0;
}

/** How many messages a stream has ever taken. */
async function taken(stream: string): Promise<number> {
  return (await manager.streams.info(stream)).state.last_seq;
}

/** Waits until the coordinators' account has heard all that was sent before. */
async function settled(): Promise<void> {
  await attacker.settle();
  await coordinator.flush();
}

async function dispatch(builder: string, body: string): Promise<void> {
  const subject = subjectFor(SUBJECTS.buildRequested, builder);
  await publishDurably(coordinator, subject, body, `${builder} ${body}`);
}

const api = (rest: string): string => `$JS.API.${rest}`;
const imported = (rest: string): string => `${BUILDER_API_PREFIX}.${rest}`;

describe('a builder with an account of its own', () => {
  test.each<readonly [string, string]>([
    ...Object.entries(SUBJECTS).map(
      ([name, subject]) => [`${name} of another`, subjectFor(subject, VICTIM)] as const,
    ),
    ['its own dispatch', subjectFor(SUBJECTS.buildRequested, ATTACKER)],
    ['a question to itself', subjectFor(SUBJECTS.cosign, ATTACKER)],
    ['an answer of another', `${SUBJECTS.answer}.${VICTIM}.nonce`],
    ['an inbox', '_INBOX.somebody.1'],
    ['a reply of the server’s own', '_R_.somebody.1'],
    ['STREAM.PURGE', api(`STREAM.PURGE.${ATTEST_STREAM.name}`)],
    ['STREAM.DELETE', api(`STREAM.DELETE.${DISPATCH_STREAM.name}`)],
    ['STREAM.MSG.GET', api(`STREAM.MSG.GET.${DISPATCH_STREAM.name}`)],
    ['CONSUMER.CREATE', api(`CONSUMER.CREATE.${DISPATCH_STREAM.name}`)],
    ['CONSUMER.DURABLE.CREATE', api(`CONSUMER.DURABLE.CREATE.${DISPATCH_STREAM.name}.${VICTIM}`)],
    ['ACCOUNT.PURGE', api('ACCOUNT.PURGE.A')],
    ['MSG.NEXT of another', api(`CONSUMER.MSG.NEXT.${DISPATCH_STREAM.name}.${VICTIM}`)],
    [
      'MSG.NEXT of another, imported',
      imported(`CONSUMER.MSG.NEXT.${DISPATCH_STREAM.name}.${VICTIM}`),
    ],
    ['STREAM.PURGE, imported', imported(`STREAM.PURGE.${ATTEST_STREAM.name}`)],
    ['an acknowledgement of another', `$JS.ACK.${DISPATCH_STREAM.name}.${VICTIM}.1.1.1.1.0`],
    ['a request to the servers', '$SYS.REQ.CLAIMS.UPDATE'],
  ])('says nothing as %s', async (_, subject) => {
    const [before, streams] = [
      await violations(),
      await Promise.all([ATTEST_STREAM, DISPATCH_STREAM].map(({ name }) => taken(name))),
    ];
    attacker.publish(subject, '{"forged":true}', '_INBOX.mine');
    await settled();
    expect(attacker.errors).toEqual([`-ERR 'Permissions Violation for Publish to "${subject}"'`]);
    expect(await violations()).toBe(before + 1);
    expect(arrived).toEqual([]);
    expect(
      await Promise.all([ATTEST_STREAM, DISPATCH_STREAM].map(({ name }) => taken(name))),
    ).toEqual(streams);
  });

  test.each([
    ['>'],
    ['quorum.>'],
    ['*.v1.to-builder.build-requested.*'],
    [subjectFor(SUBJECTS.cosign, VICTIM)],
    [`${SUBJECTS.answer}.${VICTIM}.*`],
    [`${SUBJECTS.answer}.${ATTACKER}.*`],
    ['_R_.>'],
    ['$JS.>'],
    ['$SYS.>'],
  ])('hears nothing on %s', async (subject) => {
    const before = await violations();
    attacker.subscribe(subject, 1);
    await attacker.settle();
    expect(attacker.errors).toEqual([
      `-ERR 'Permissions Violation for Subscription to "${subject}"'`,
    ]);
    expect(await violations()).toBe(before + 1);
    await dispatch(VICTIM, `for ${subject}`);
    await settled();
    expect(attacker.messages).toEqual([]);
  });

  test('hears no inbox of others, though it may listen to all of them', async () => {
    attacker.subscribe('_INBOX.>', 1);
    await attacker.settle();
    expect(attacker.errors).toEqual([]);
    victim.subscribe(subjectFor(SUBJECTS.cosign, VICTIM), {
      callback: (_, message) => {
        message.respond('cosigned');
      },
    });
    await victim.flush();
    const question = { subject: SUBJECTS.cosign, builder: VICTIM, body: '{}', timeoutMs: 2_000 };
    expect((await askBuilder(coordinator, question)).string()).toBe('cosigned');
    await publishDurably(victim, subjectFor(SUBJECTS.commitSubmitted, VICTIM), '{}', 'heard');
    await coordinator.request('_INBOX.anything', '').catch(() => undefined);
    await attacker.settle();
    expect(attacker.messages).toEqual([]);
  });
});

describe('a forged reply subject', () => {
  test('brings no dispatch into what builders submit', async () => {
    await dispatch(ATTACKER, 'mine');
    const before = await taken(ATTEST_STREAM.name);
    const next = imported(`CONSUMER.MSG.NEXT.${DISPATCH_STREAM.name}.${ATTACKER}`);
    const forged = subjectFor(SUBJECTS.commitSubmitted, VICTIM);
    attacker.publish(next, '{"batch":1,"no_wait":true}', forged);
    // Asked for in earnest after it, the dispatch still is there: nobody got it before.
    attacker.subscribe('_INBOX.mine', 1);
    attacker.publish(next, '{"batch":1,"no_wait":true}', '_INBOX.mine');
    const heard = () => Promise.resolve(attacker.messages.map(({ text }) => text));
    await eventually('the dispatch', heard, (texts) => texts.some((text) => text.endsWith('mine')));
    await settled();
    expect(arrived.filter((subject) => subject === forged)).toEqual([]);
    expect(await taken(ATTEST_STREAM.name)).toBe(before);
  });

  test('makes no dispatch of a stream’s word on what was submitted', async () => {
    const [before, attests] = [await taken(DISPATCH_STREAM.name), await taken(ATTEST_STREAM.name)];
    const forged = subjectFor(SUBJECTS.buildRequested, VICTIM);
    attacker.publish(subjectFor(SUBJECTS.commitSubmitted, ATTACKER), '{}', forged);
    await eventually(
      'the message',
      () => taken(ATTEST_STREAM.name),
      (count) => count > attests,
    );
    await settled();
    expect(arrived).not.toContain(forged);
    expect(await taken(DISPATCH_STREAM.name)).toBe(before);
  });

  test('makes no dispatch of a coordinator’s answer either', async () => {
    const before = await taken(DISPATCH_STREAM.name);
    const replies: string[] = [];
    const answering = coordinator.subscribe(`${SUBJECTS.closeEvidence}.*`, {
      callback: (_, message) => {
        replies.push(message.reply ?? '');
        message.respond('{"forged":true}');
      },
    });
    await coordinator.flush();
    const forged = subjectFor(SUBJECTS.buildRequested, VICTIM);
    attacker.publish(subjectFor(SUBJECTS.closeEvidence, ATTACKER), '{}', forged);
    await eventually(
      'the question',
      () => Promise.resolve(replies),
      ({ length }) => length === 1,
    );
    await settled();
    answering.unsubscribe();
    expect(replies[0]).toMatch(/^_R_\./);
    expect(arrived).not.toContain(forged);
    expect(await taken(DISPATCH_STREAM.name)).toBe(before);
  });
});

describe('dedupe poisoning', () => {
  const poisoned = (subject: string): void => {
    const head = 'NATS/1.0\r\nNats-Msg-Id: envelope-of-b2\r\n\r\n';
    attacker.send(`HPUB ${subject} ${head.length} ${head.length + 2}\r\n${head}{}\r\n`);
  };

  test('under another’s subject is refused, so the other’s message is kept', async () => {
    poisoned(subjectFor(SUBJECTS.commitSubmitted, VICTIM));
    await settled();
    expect(attacker.errors[0]).toContain('Permissions Violation for Publish');
    const subject = subjectFor(SUBJECTS.commitSubmitted, VICTIM);
    const ack = await jetstream(victim).publish(subject, '{}', { msgID: 'envelope-of-b2' });
    expect(ack.duplicate).toBe(false);
  });

  test('under its own subject needs an id that nobody knows before the message is there', async () => {
    // Ids are digests of signed envelopes. Where one leaks all the same, the word of the stream says
    // "duplicate", which an agent takes for nothing: it sends again until it holds a receipt.
    poisoned(subjectFor(SUBJECTS.commitSubmitted, ATTACKER));
    await settled();
    expect(attacker.errors).toEqual([]);
    const subject = subjectFor(SUBJECTS.commitSubmitted, VICTIM);
    const ack = await jetstream(victim).publish(subject, '{"fresh":1}', { msgID: 'another id' });
    expect(ack.duplicate).toBe(false);
  });
});

describe('who is not admitted', () => {
  test('cannot be a builder named *, nor one with dots', async () => {
    for (const builder of ['*', '>', 'b2.x', 'b 2', '', 'B2', '-', '../b2']) {
      const admitted = { builder, natsPublicKey: attackerKey.publicKey };
      await expect(directory.admitBuilder(admitted)).rejects.toMatchObject({ code: 'BAD_BUILDER' });
      const asked = { ...admitted, expiresAt: new Date() };
      expect(() => nats().authority.userJwtFor(asked)).toThrow(
        expect.objectContaining({ code: 'BAD_BUILDER' }),
      );
    }
  });

  test.each([
    [
      'with another’s credentials and its own key',
      () => nats().credentials(VICTIM, victimKey).jwt(),
    ],
    ['with no credentials', () => ''],
    [
      'with credentials for a key that was not admitted',
      () => nats().credentials(VICTIM, makeNatsKey()).jwt(),
    ],
    [
      'with credentials of its own making',
      () => {
        const [head, body, tail] = nats().credentials(ATTACKER, attackerKey).jwt().split('.');
        const claims = JSON.parse(Buffer.from(body!, 'base64url').toString()) as object;
        const wider = Buffer.from(
          JSON.stringify({ ...claims, nats: { type: 'user', pub: { allow: ['>'] } } }),
        );
        return [head, wider.toString('base64url'), tail].join('.');
      },
    ],
  ])('does not come in %s', async (_, jwt) => {
    const refused = await WireClient.open(nats().url, { jwt: jwt(), seed: attackerKey.seed });
    expect(refused.errors).toEqual(["-ERR 'Authorization Violation'"]);
    expect(refused.isClosed).toBe(true);
  });
});

describe('one that takes too much', () => {
  test('loses its connection for a message that is too large, and nobody else does', async () => {
    const size = 1_048_577;
    attacker.send(`PUB ${subjectFor(SUBJECTS.commitSubmitted, ATTACKER)} ${size}\r\n`);
    await eventually(
      'the end',
      () => Promise.resolve(attacker.isClosed),
      (isClosed) => isClosed,
    );
    expect(attacker.errors).toEqual(["-ERR 'Maximum Payload Violation'"]);
    expect(await readFile(nats().logFile, 'utf8')).toContain('maximum payload exceeded');
    await victim.flush();
    expect(arrived).toEqual([]);
  });

  test('has four connections, and no more', async () => {
    const more = await Promise.all([1, 2, 3].map(() => signIn()));
    const fifth = await signIn();
    expect(fifth.errors).toEqual(["-ERR 'maximum account active connections exceeded'"]);
    for (const client of more) expect(client.errors).toEqual([]);
    for (const client of [...more, fifth]) client.close();
    await victim.flush();
  });

  test('holds nobody up: while it floods, another’s message is there at once', async () => {
    const junk = 'x'.repeat(1_000);
    const own = subjectFor(SUBJECTS.resultSubmitted, ATTACKER);
    const before = await taken(ATTEST_STREAM.name);
    for (let count = 0; count < 20_000; count += 1) attacker.publish(own, junk);
    const begun = performance.now();
    const subject = subjectFor(SUBJECTS.commitSubmitted, VICTIM);
    await publishDurably(victim, subject, '{"amid":"the flood"}', 'amid the flood');
    expect(performance.now() - begun).toBeLessThan(5_000);
    await attacker.settle();
    const kept = await manager.streams.info(ATTEST_STREAM.name, { subjects_filter: '>' });
    expect(kept.state.last_seq).toBeGreaterThan(before);
    expect(kept.state.subjects?.[subject]).toBeGreaterThan(0);
  });
});
