import { XMLParser } from 'fast-xml-parser';
import { Webhook } from 'svix';
import { afterAll, describe, expect, test } from 'vitest';
import {
  CreatedSubscription,
  DeadLetterList,
  PingAnswer,
  ReplayAnswer,
  ROUTES,
  ShieldsBadge,
  SubscriptionList,
  type CreateSubscription,
} from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { ADMIN_TOKEN, CoordinatorClient, eventually, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { Receiver, type Received } from './receiver.fixture.js';

const receiver = await Receiver.start();
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, corn: 1 },
  environment: {
    ...{ DEFAULT_THRESHOLD: '2', PUBLIC_URL: 'https://quorum.example' },
    NEWS_ALLOWED_ORIGINS: receiver.origin,
  },
});
afterAll(() => receiver.stop());

const authorization = `Bearer ${ADMIN_TOKEN}`;

async function ask(method: string, path: string, token = authorization): Promise<Response> {
  return fetch(`${quorum().api.url}/${path}`, {
    method,
    headers: { authorization: token, 'content-type': 'application/json' },
    ...(method !== 'GET' && { body: '{}' }),
  });
}

async function subscribe(
  path: string,
  over: Partial<CreateSubscription> = {},
): Promise<CreatedSubscription> {
  const answer = await quorum().api.post(`/${ROUTES.subscriptions}`, {
    ...{ channel: 'webhook', target: `${receiver.origin}${path}`, label: 'a spec', ...over },
  });
  expect(answer.status).toBe(201);
  return CreatedSubscription.parse(await answer.json());
}

/** What came to one path, by type, in order. */
function typesAt(path: string): readonly string[] {
  return receivedAt(path).map(({ body }) => (JSON.parse(body) as { type: string }).type);
}

function receivedAt(path: string): readonly Received[] {
  return receiver.taken.filter((received) => received.path === path);
}

/** A round in which two builders get other bytes, and the third one says nothing. */
async function playSplit(commit: string): Promise<string> {
  const { api, builders } = quorum();
  const round = await api.open({ commit });
  const sealed = [];
  for (const [at, builder] of builders.slice(0, 2).entries()) {
    const { commit: said, result } = builder.seal(await builder.invitation(round), `bytes ${at}`);
    await builder.commit(said);
    await builder.receipt(said);
    sealed.push({ builder, result });
  }
  await api.close(round);
  for (const { builder, result } of sealed) {
    await builder.close(round);
    await builder.reveal(result);
  }
  await api.reportIn('final', round);
  return round;
}

test('a round is told from its opening to its divergence, signed, to everybody whose rules let it through', async () => {
  const all = await subscribe('/all');
  await subscribe('/late', { rules: { kinds: ['builder.late'], operators: ['corn'] } });
  await subscribe('/other', { rules: { operators: ['mallory'] } });
  const round = await playSplit('a1'.repeat(20));
  const told = ['round.opened', 'builder.late', 'verdict.reached', 'divergence.found'];
  await eventually(
    'four messages',
    () => Promise.resolve(typesAt('/all')),
    ({ length }) => length >= 4,
  );
  expect(typesAt('/all')).toEqual(told);
  await eventually(
    'one message',
    () => Promise.resolve(typesAt('/late')),
    ({ length }) => length > 0,
  );
  expect([typesAt('/late'), typesAt('/other')]).toEqual([['builder.late'], []]);
  const verifier = new Webhook(all.secret ?? '');
  for (const { body, headers } of receivedAt('/all')) {
    expect(() => {
      verifier.verify(body, headers as Record<string, string>);
    }).not.toThrow();
    expect(JSON.parse(body)).toMatchObject({
      data: { round, url: `https://quorum.example/rounds/${round}` },
    });
  }
});

test('another round on the same commit that says otherwise is told as a changed verdict', async () => {
  await subscribe('/changed', { rules: { kinds: ['verdict.changed'] } });
  const { api, builders } = quorum();
  const round = await api.open({ commit: 'a1'.repeat(20) });
  const sealed = [];
  for (const builder of builders) {
    const { commit, result } = builder.seal(await builder.invitation(round));
    await builder.commit(commit);
    sealed.push({ builder, result });
  }
  for (const { builder, result } of sealed) {
    await builder.close(round);
    await builder.reveal(result);
  }
  await api.reportIn('final', round);
  await eventually(
    'a changed verdict',
    () => Promise.resolve(typesAt('/changed')),
    ({ length }) => length > 0,
  );
  expect(JSON.parse(receivedAt('/changed')[0]!.body)).toMatchObject({
    data: { round, summary: expect.stringContaining('GuestOS split before') as unknown },
  });
});

describe('a subscription', () => {
  test('is shown without its secret and its path, and to nobody without a token', async () => {
    const { subscription, secret } = await subscribe('/secret-path');
    const text = await (await ask('GET', `${ROUTES.subscriptions}?limit=100`)).text();
    expect(text).toContain(subscription.id);
    expect(text).not.toContain('secret-path');
    expect(text).not.toContain(secret);
    for (const path of ['', `/${subscription.id}/dead`]) {
      const refused = await fetch(`${quorum().api.url}/${ROUTES.subscriptions}${path}`);
      expect(refused.status).toBe(401);
    }
    const stranger = new CoordinatorClient(quorum().api.url, null);
    const create = await stranger.post(`/${ROUTES.subscriptions}`, {
      ...{ channel: 'webhook', target: receiver.origin, label: 'x' },
    });
    expect(create.status).toBe(401);
    const stored = await quorum().dataSource.query<unknown[]>('SELECT * FROM "news_subscription"');
    expect(JSON.stringify(stored)).not.toContain(secret?.slice('whsec_'.length));
  });

  test('is listed page by page', async () => {
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const answer = await ask('GET', `${ROUTES.subscriptions}?limit=2&after=${next}`);
      const page = SubscriptionList.parse(await answer.json());
      seen.push(...page.subscriptions.map(({ id }) => id));
      next = page.next;
    }
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual([...new Set(seen)].toSorted());
  });

  test.each([
    ['http://example.org/', 422],
    ['https://127.0.0.1/', 422],
    ['', 400],
  ])('to %s is refused', async (target, status) => {
    const answer = await quorum().api.post(`/${ROUTES.subscriptions}`, {
      ...{ channel: 'webhook', target, label: 'x' },
    });
    expect(answer.status).toBe(status);
  });

  test('answers a ping, is ended by 410, and taken up again by the next ping that is answered', async () => {
    const { subscription } = await subscribe('/ping', { rules: { operators: ['acme'] } });
    const path = `${ROUTES.subscriptions}/${subscription.id}`;
    const ping = async () => PingAnswer.parse(await (await ask('POST', `${path}/ping`)).json());
    expect(await ping()).toEqual({ isDelivered: true, detail: 'the receiver answered 204' });
    expect(typesAt('/ping')).toEqual(['subscription.ping']);
    receiver.answer = (received) => ({ status: received.path === '/ping' ? 410 : 204 });
    const round = await playSplit('a2'.repeat(20));
    const deadOf = async () => {
      const page = DeadLetterList.parse(await (await ask('GET', `${path}/dead`)).json());
      return page.letters;
    };
    const dead = await eventually('dead letters', deadOf, ({ length }) => length > 0);
    expect(dead[0]).toMatchObject({
      detail: 'the receiver answered 410',
      news: { data: { round } },
    });
    receiver.answer = () => ({ status: 204 });
    expect((await ping()).isDelivered).toBe(true);
    // One by its id, and all since a time: no message is queued twice while it waits.
    const one = await quorum().api.post(`/${path}/replay`, { news: dead[0]!.id });
    expect(ReplayAnswer.parse(await one.json())).toEqual({ queued: 1 });
    await eventually(
      'the one that was replayed',
      () => Promise.resolve(receivedAt('/ping')),
      (all) => all.some(({ headers }) => headers['webhook-id'] === dead[0]!.id),
    );
    const since = await quorum().api.post(`/${path}/replay`, { since: subscription.madeAt });
    expect(ReplayAnswer.parse(await since.json()).queued).toBeGreaterThanOrEqual(1);
    await eventually(
      'a divergence',
      () => Promise.resolve(typesAt('/ping')),
      (types) => types.includes('divergence.found'),
    );
    expect(await deadOf()).toEqual([]);
  });

  test('that is removed hears nothing more', async () => {
    const { subscription } = await subscribe('/removed');
    const path = `${ROUTES.subscriptions}/${subscription.id}`;
    expect((await ask('DELETE', path)).status).toBe(200);
    expect((await ask('DELETE', path)).status).toBe(404);
    expect((await ask('POST', `${path}/ping`)).status).toBe(404);
  });
});

describe('feeds', () => {
  const parser = new XMLParser({ isArray: (name) => name === 'entry' });
  const entriesOf = async (path: string) => {
    const response = await quorum().api.get(`/feeds/${path}`);
    expect(response.headers.get('content-type')).toMatch(/^application\/atom\+xml/);
    const { feed } = parser.parse(await response.text()) as {
      feed: { id: string; entry?: { id: string; category: string; title: string }[] };
    };
    expect(feed.id).toBe(`https://quorum.example/feeds/${path}`);
    return feed.entry ?? [];
  };

  test('have all, divergences alone, and what concerns a builder', async () => {
    const all = await entriesOf('all.atom');
    const divergences = await entriesOf('divergences.atom');
    expect(all.length).toBeGreaterThan(divergences.length);
    expect(divergences.length).toBeGreaterThan(0);
    const corn = await entriesOf(`builders/${quorum().builder('corn').signer.id}.atom`);
    expect(corn.some(({ title }) => title.includes('corn is late'))).toBe(true);
    const acme = await entriesOf(`builders/${quorum().builder('acme').signer.id}.atom`);
    expect(acme.length).toBeGreaterThan(0);
    expect(acme.some(({ title }) => title.includes('corn is late'))).toBe(false);
    expect(await entriesOf('builders/nobody.atom')).toEqual([]);
  });

  test('of a group have the rounds that were opened for it', async () => {
    const { api } = quorum();
    const members = { name: 'North', members: ['acme', 'bits'], threshold: '2' };
    expect((await api.put('/v1/groups/north', members)).status).toBe(200);
    await subscribe('/north', { rules: { group: 'north' } });
    await api.open({ commit: 'a4'.repeat(20), groups: ['north'] });
    await eventually(
      'news of the group',
      () => Promise.resolve(typesAt('/north')),
      ({ length }) => length > 0,
    );
    const entries = await entriesOf('groups/north.atom');
    expect(entries.map(({ title }) => title)).toEqual([
      expect.stringContaining(`ic/${'a4'.repeat(20)}: a round was opened`) as unknown,
    ]);
    expect(await entriesOf('groups/south.atom')).toEqual([]);
  });

  test('are not sent again to whoever has them', async () => {
    const first = await quorum().api.get('/feeds/divergences.atom');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"/);
    const again = await fetch(`${quorum().api.url}/feeds/divergences.atom`, {
      headers: { 'if-none-match': etag },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

describe('badges', () => {
  test('say a verdict in words, as an image and for shields.io', async () => {
    const round = await playSplit('a3'.repeat(20));
    const shields = await quorum().api.get(`/badges/rounds/${round}/shields.json`);
    const badge = ShieldsBadge.parse(await shields.json());
    expect(badge.message).toMatch(/^split 1-1$/);
    const image = await quorum().api.get(`/badges/rounds/${round}.svg`);
    expect(image.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(await image.text()).toContain('split 1-1');
  });

  test('of what is not known say so, and nothing of the address becomes markup', async () => {
    const unknown = await quorum().api.get('/badges/proposals/99999/shields.json');
    expect(await unknown.json()).toMatchObject({ schemaVersion: 1, message: 'no round' });
    const script = encodeURIComponent('<script>');
    const refused = await quorum().api.get(`/badges/proposals/${script}.svg`);
    expect(refused.status).toBe(400);
    expect(refused.headers.get('content-type')).toContain('json');
  });
});
