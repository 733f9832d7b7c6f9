import { Registry } from 'prom-client';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { newsBetween, type RoundMoment } from '#libs/contracts';
import {
  NewsCursorEntity,
  NewsDeliveryEntity,
  NewsEntity,
  NewsSubscriptionEntity,
} from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { makeSigner, useDataSource } from '#libs/testing';
import { Config } from '../config.js';
import { LeasesService } from '../leases/leases.service.js';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { claimDue } from './delivery-queue.js';
import { DeliveryService } from './delivery.service.js';
import { MailService } from './mail.service.js';
import { MessageSender } from './message-sender.service.js';
import { NewsClock } from './news-clock.js';
import { secretCheck, secretOf } from './news-secret.js';
import { foundIn, lockNews, writeNews } from './news-writer.js';
import { Receiver } from './receiver.fixture.js';

const dataSource = useDataSource();
const receiver = await Receiver.start();
const signer = makeSigner(7);
const config = readConfig(Config, {
  ...{ DATABASE_URL: 'postgres://', NATS_URL: 'nats://127.0.0.1:4222', SIGNING_KEY_FILE: 'key' },
  ...{ LOG_ORIGIN: 'log.example', ROSTER_FILE: 'roster', NEWS_ALLOWED_ORIGINS: receiver.origin },
  PUBLIC_URL: 'https://quorum.example',
});
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BEGINNING = Date.parse('2026-01-01T00:00:00.000Z');

/** A clock that goes when it is told to, and chance that is none. */
class HandClock extends NewsClock {
  atMs = BEGINNING;
  override now(): Date {
    return new Date(this.atMs);
  }
  override random(): number {
    return 0.5;
  }
}

const clock = new HandClock();
let deliveries: DeliveryService;

/** One more coordinator, on the same database. */
function coordinator(): DeliveryService {
  const sender = new MessageSender(config, signer, new MailService(config));
  const leases = new LeasesService(dataSource());
  const meters = new CoordinatorMeters(new Registry());
  return new DeliveryService(dataSource(), sender, clock, leases, meters);
}

beforeEach(() => {
  clock.atMs = BEGINNING;
  deliveries = coordinator();
});
afterEach(async () => {
  receiver.clear();
  for (const entity of [NewsDeliveryEntity, NewsSubscriptionEntity, NewsEntity]) {
    await dataSource().getRepository(entity).clear();
  }
});
afterAll(() => receiver.stop());

async function subscribe(id: string, path = '/', channel = 'webhook'): Promise<string> {
  const secret = secretOf(signer, id);
  await dataSource().manager.insert(NewsSubscriptionEntity, {
    ...{ id, channel, target: `${receiver.origin}${path}`, label: id, rules: {} },
    ...{ secretCheck: secretCheck(secret), madeAt: new Date(BEGINNING) },
  });
  return secret;
}

function momentOf(name: string, over: Partial<RoundMoment> = {}): RoundMoment {
  return {
    facts: {
      ...{ round: sha256(name), release: 'ic/abc', proposal: null, threshold: '2' },
      ...{ closesAt: '2026-01-02T00:00:00.000Z', roster: [], groups: [] },
    },
    ...{ phase: 'open', at: clock.now().toISOString(), missing: [], artifacts: [] },
    ...{ headline: '', before: null, proposals: [] },
    ...over,
  };
}

/** Has something come about in a round. */
async function happen(name: string, step: 'opened' | 'closed' | 'decided'): Promise<void> {
  const missing = [1, 2].map((at) => ({ operator: `o${at}`, builder: `b${at}` }));
  const opened = momentOf(name);
  const closed = momentOf(name, { phase: 'revealing', missing });
  const decided = momentOf(name, { phase: 'final', missing });
  const steps = {
    opened: { before: null, after: opened },
    closed: { before: opened, after: closed },
    decided: { before: closed, after: decided },
  };
  const { before, after } = steps[step];
  await dataSource().transaction(async (manager) => {
    const { nextPosition } = await lockNews(manager);
    const found = foundIn(after.facts, newsBetween(before, after));
    const next = await writeNews(manager, found, nextPosition, clock.now());
    await manager.update(NewsCursorEntity, { name: 'log' }, { nextPosition: next });
  });
}

/** Lets time pass, and has everything delivered that becomes due meanwhile. */
async function pass(ms: number, stepMs = MINUTE_MS): Promise<void> {
  const end = clock.atMs + ms;
  while (clock.atMs < end) {
    clock.atMs = Math.min(clock.atMs + stepMs, end);
    await deliveries.drain();
  }
}

async function written(): Promise<readonly string[]> {
  const rows = await dataSource().manager.find(NewsEntity, { order: { position: 'ASC' } });
  return rows.map(({ id }) => id);
}

async function rows(): Promise<readonly NewsDeliveryEntity[]> {
  return dataSource().manager.find(NewsDeliveryEntity, { order: { position: 'ASC' } });
}

describe('a receiver that is down for an hour', () => {
  test('misses nothing, gets nothing twice, and nothing out of order within a round', async () => {
    const secret = await subscribe('sub_a');
    await happen('one', 'opened');
    await deliveries.drain();
    expect(receiver.ids).toEqual(await written());
    // It dies in every way there is, one after the other, while things happen.
    let tries = 0;
    receiver.answer = () => {
      tries += 1;
      return (
        [null, { status: 503 }, { status: 302, headers: { location: '/' } }][tries % 3] ?? null
      );
    };
    const names = ['one', 'two', 'three'];
    await happen('two', 'opened');
    await pass(20 * MINUTE_MS);
    for (const name of names) await happen(name, name === 'three' ? 'opened' : 'closed');
    await pass(20 * MINUTE_MS);
    await happen('one', 'decided');
    await pass(20 * MINUTE_MS);
    expect(receiver.taken).toHaveLength(1);
    expect(tries).toBeGreaterThan(5);
    receiver.answer = () => ({ status: 200 });
    await happen('two', 'decided');
    await pass(12 * HOUR_MS, 10 * MINUTE_MS);

    const told = await written();
    expect(told).toHaveLength(9);
    expect([...receiver.ids].toSorted()).toEqual([...told].toSorted());
    for (const name of names) {
      const round = sha256(name);
      const ofRound = receiver.taken.filter(({ body }) => body.includes(`"round":"${round}"`));
      const inOrder = told.filter((id) =>
        ofRound.some(({ headers }) => headers['webhook-id'] === id),
      );
      expect(ofRound.map(({ headers }) => headers['webhook-id'])).toEqual(inOrder);
    }
    // A verifier wants its own day: what is signed is held against the time that was played.
    const last = receiver.taken.at(-1)!;
    const at = new Date(Number(last.headers['webhook-timestamp']) * 1000);
    const signature = new Webhook(secret).sign(String(last.headers['webhook-id']), at, last.body);
    expect(last.headers['webhook-signature']).toBe(signature);
    expect(JSON.parse(last.body)).toMatchObject({
      data: { url: expect.stringContaining('https://quorum.example/rounds/') as unknown },
    });
  });

  test('keeps nobody else from hearing at once', async () => {
    await subscribe('sub_a', '/down');
    await subscribe('sub_b', '/up');
    receiver.answer = ({ path }) => ({ status: path === '/up' ? 200 : 500 });
    await happen('one', 'opened');
    await happen('one', 'closed');
    await deliveries.drain();
    expect(receiver.taken.map(({ path }) => path)).toEqual(['/up', '/up', '/up']);
  });
});

test('what nobody takes for three days is a dead letter, and the next in its round is told', async () => {
  await subscribe('sub_a');
  receiver.answer = ({ body }) => ({ status: body.includes('round.opened') ? 400 : 200 });
  await happen('one', 'opened');
  await happen('one', 'closed');
  await pass(4 * 24 * HOUR_MS, HOUR_MS);
  const [dead, ...others] = await rows();
  expect(dead).toMatchObject({ state: 'dead', attempts: 10, detail: 'the receiver answered 400' });
  expect(others.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
});

test('410 ends a subscription and everything that waits for it', async () => {
  await subscribe('sub_a');
  receiver.answer = () => ({ status: 410 });
  await happen('one', 'opened');
  await happen('one', 'closed');
  await deliveries.drain();
  expect(receiver.all).toHaveLength(1);
  expect((await rows()).map(({ state }) => state)).toEqual(['dead', 'dead', 'dead']);
  await happen('one', 'decided');
  await pass(24 * HOUR_MS, HOUR_MS);
  expect(receiver.all).toHaveLength(1);
});

test('Retry-After is held', async () => {
  await subscribe('sub_a');
  receiver.answer = () => ({ status: 429, headers: { 'retry-after': '1800' } });
  await happen('one', 'opened');
  await deliveries.drain();
  await pass(29 * MINUTE_MS);
  expect(receiver.all).toHaveLength(1);
  receiver.answer = () => ({ status: 200 });
  await pass(MINUTE_MS);
  expect(receiver.ids).toEqual(await written());
});

test('two coordinators that work at the same time tell everything once, in order', async () => {
  await subscribe('sub_a');
  await subscribe('sub_b');
  const names = Array.from({ length: 8 }, (_, at) => `round ${at}`);
  for (const name of names) await happen(name, 'opened');
  for (const name of names) await happen(name, 'closed');
  const other = coordinator();
  // What one looks at the other passes over, and takes when it looks again.
  do await Promise.all([deliveries.drain(), other.drain()]);
  while ((await rows()).some(({ state }) => state === 'waiting'));
  const told = await written();
  expect(receiver.taken).toHaveLength(2 * told.length);
  expect(
    (await rows()).every(({ state, attempts }) => state === 'delivered' && attempts === 1),
  ).toBe(true);
});

test('what a coordinator took up and died with is told by the next one', async () => {
  await subscribe('sub_a');
  await happen('one', 'opened');
  await claimDue(dataSource(), { now: clock.now(), most: 16, busy: [] });
  await deliveries.drain();
  expect(receiver.all).toEqual([]);
  await pass(3 * MINUTE_MS);
  expect(receiver.ids).toEqual(await written());
});

test('nothing from before a subscription is told, and nothing twice that is found out twice', async () => {
  await happen('one', 'opened');
  clock.atMs += 1000;
  await dataSource().manager.insert(NewsSubscriptionEntity, {
    ...{ id: 'sub_late', channel: 'webhook', target: receiver.origin, label: 'l', rules: {} },
    ...{ secretCheck: secretCheck(secretOf(signer, 'sub_late')), madeAt: clock.now() },
  });
  await happen('one', 'closed');
  await happen('one', 'opened');
  await happen('one', 'closed');
  await deliveries.drain();
  expect(receiver.taken.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
    ...['builder.late', 'builder.late'],
  ]);
});

describe('a preset', () => {
  test('for Discord is what its webhooks take', async () => {
    await subscribe('sub_a', '/', 'discord');
    await happen('one', 'opened');
    await deliveries.drain();
    expect(JSON.parse(receiver.taken[0]!.body)).toMatchObject({ allowed_mentions: { parse: [] } });
    expect(receiver.taken[0]!.headers['webhook-signature']).toBeUndefined();
  });

  test('for OpenChat is text, and has arrived only where the answer says so', async () => {
    await subscribe('sub_a', '/', 'openchat');
    await happen('one', 'opened');
    receiver.answer = () => ({ status: 200, body: '{"Error":[300,null]}' });
    await deliveries.drain();
    expect(await rows()).toMatchObject([
      { state: 'waiting', detail: 'OpenChat refused the message' },
    ]);
    receiver.answer = () => ({ status: 200, body: '{"Success":{"event_index":1}}' });
    await pass(MINUTE_MS);
    expect(await rows()).toMatchObject([{ state: 'delivered' }]);
    expect(receiver.all[0]!.body).toContain('https://quorum.example/rounds/');
  });
});

test('under another key of the coordinator nothing is signed with a secret that nobody was told', async () => {
  await subscribe('sub_a');
  const { manager } = dataSource();
  await manager.update(NewsSubscriptionEntity, { id: 'sub_a' }, { secretCheck: 'another' });
  await happen('one', 'opened');
  await deliveries.drain();
  expect(receiver.all).toEqual([]);
  const [row] = await manager.find(NewsSubscriptionEntity);
  expect(row?.disabledBecause).toContain('another key');
});
