import { describe, expect, test } from 'vitest';
import { AuditList, CreatedToken, Problem, PROBLEM_BASE, ROUTES } from '#libs/contracts';
import { AccessTokenEntity, checkDatabase } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { ADMIN_TOKEN, CoordinatorClient, useQuorum } from '#libs/testing';
import { ed25519Verifier } from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { creationOf, everything, keepForLog, storeToken } from './token-store.js';
import { makeTokenText } from './token-text.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { WRONG_TOKENS_PER_MINUTE: '1000000' },
});
const commit = 'ac'.repeat(20);

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly headers: Headers;
}

async function refusal(response: Response): Promise<Refused> {
  const { status, type, detail } = Problem.parse(await response.json());
  expect(response.status).toBe(status);
  const code = type.slice(PROBLEM_BASE.length + 1);
  return { status, code, detail, headers: response.headers };
}

async function ask(headers: Readonly<Record<string, string>>, body: unknown = { commit }) {
  return fetch(`${quorum().api.url}/${ROUTES.rounds}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const bearing = (token: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
});

async function made(request: Parameters<typeof storeToken>[1], now = new Date()): Promise<string> {
  const stored = await storeToken(quorum().dataSource.manager, request, { now });
  return stored!.token;
}

async function audit(): Promise<AuditList['acts']> {
  const answer = await quorum().api.get(`/${ROUTES.audit}?limit=100`);
  return AuditList.parse(await answer.json()).acts;
}

describe('what changes something', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['no token', {}, 'token-required'],
    ['a token that nobody made', bearing(makeTokenText()), 'token-unknown'],
    ['a right id with a wrong secret', bearing(`${ADMIN_TOKEN.slice(0, -1)}0`), 'token-unknown'],
    ['half a token', bearing(ADMIN_TOKEN.slice(0, 30)), 'token-unknown'],
    ['a token with more behind it', bearing(`${ADMIN_TOKEN}0`), 'token-unknown'],
    ['two tokens', bearing(`${ADMIN_TOKEN}, Bearer ${ADMIN_TOKEN}`), 'token-unknown'],
    ['another scheme', { authorization: `Basic ${ADMIN_TOKEN}` }, 'token-unknown'],
    ['a token as a cookie', { cookie: `token=${ADMIN_TOKEN}` }, 'token-required'],
    ['a header of another name', { 'x-authorization': `Bearer ${ADMIN_TOKEN}` }, 'token-required'],
  ])('is refused with %s, and leaves no trace', async (_, headers, code) => {
    const before = await quorum().contents();
    const refused = await refusal(await ask(headers));
    expect(refused).toMatchObject({ status: 401, code });
    expect(refused.detail).toContain('coordinator token create');
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm="repro-quorum"/);
    expect(await quorum().contents()).toEqual(before);
  });

  test('is refused with a token in the address, whatever else it brings', async () => {
    for (const query of [`?token=${ADMIN_TOKEN}`, `?x=${ADMIN_TOKEN}`, '?access_token=1']) {
      const response = await fetch(`${quorum().api.url}/${ROUTES.rounds}${query}`, {
        headers: bearing(ADMIN_TOKEN),
      });
      expect(await refusal(response)).toMatchObject({ status: 400, code: 'token-in-url' });
    }
  });

  test('is refused without the scope that it needs, which is named', async () => {
    const token = await made({ scopes: ['keys'], label: 'keys alone', days: 1 });
    const refused = await refusal(await ask(bearing(token)));
    expect(refused).toMatchObject({ status: 403, code: 'scope-missing' });
    expect(refused.headers.get('www-authenticate')).toContain('scope="rounds"');
  });

  test('is refused once a token has expired', async () => {
    const yesterday = new Date(Date.now() - 2 * 86_400_000);
    const token = await made({ scopes: ['rounds'], label: 'old', days: 1 }, yesterday);
    expect(await refusal(await ask(bearing(token)))).toMatchObject({ code: 'token-expired' });
  });

  test('is public to read, with every header that keeps a browser from using it', async () => {
    const response = await fetch(`${quorum().api.url}/${ROUTES.rounds}`, {
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(response.status).toBe(200);
    const shown = Object.fromEntries(response.headers);
    expect(shown).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'ratelimit-policy': '"reads";q=1000000;w=60',
    });
    expect(shown).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('a token', () => {
  test('is told once, kept as a digest, and never gives more than it has', async () => {
    const less = await made({ scopes: ['admin', 'rounds'], label: 'deputy', days: 2 });
    const api = new CoordinatorClient(quorum().api.url, less);
    const request = { scopes: ['rounds'], label: 'by the deputy', days: 300 };
    const { token, view } = CreatedToken.parse(
      await (await api.post(`/${ROUTES.tokens}`, request)).json(),
    );
    const rows = await quorum().dataSource.getRepository(AccessTokenEntity).find();
    expect(JSON.stringify(rows)).not.toContain(token.slice(17));
    // It ends with the token that asked for it.
    const asking = rows.find(({ label }) => label === 'deputy');
    expect(view.expiresAt).toBe(asking?.expiresAt.toISOString());
    const more = { scopes: ['rounds', 'keys'], label: 'more', days: 1 };
    expect(await api.refused('POST', `/${ROUTES.tokens}`, more)).toMatchObject({
      ...{ status: 403, code: 'scope-not-held' },
    });
    const own = new CoordinatorClient(quorum().api.url, token);
    expect(await own.refused('POST', `/${ROUTES.tokens}`, request)).toMatchObject({ status: 403 });
    expect((await own.post(`/${ROUTES.rounds}`, { commit })).status).toBe(201);
  });

  test('that is revoked is over on every replica at once', async () => {
    const other = await quorum().start();
    const { token, view } = CreatedToken.parse(
      await (
        await quorum().api.post(`/${ROUTES.tokens}`, { scopes: ['rounds'], label: 'brief' })
      ).json(),
    );
    const there = new CoordinatorClient(other.url, token);
    expect((await there.post(`/${ROUTES.rounds}`, { commit })).status).toBe(201);
    const revoke = (): Promise<Response> =>
      fetch(`${quorum().api.url}/${ROUTES.tokens}/${view.id}`, {
        method: 'DELETE',
        headers: { 'content-type': 'application/json', ...bearing(ADMIN_TOKEN) },
        body: '{}',
      });
    expect((await revoke()).status).toBe(200);
    expect(await there.refused('POST', `/${ROUTES.rounds}`, { commit })).toMatchObject({
      ...{ status: 401, code: 'token-revoked' },
    });
    // Again it is the same, and not logged again.
    expect((await revoke()).status).toBe(200);
    const acts = (await audit()).filter(({ subject }) => subject === `token/${view.id}`);
    expect(acts.map(({ act }) => act)).toEqual(['token-create', 'token-revoke']);
    await quorum().stop(other);
  });
});

describe('the audit list', () => {
  test('tells who did what to which round, and holds no secret', async () => {
    const round = await quorum().api.open({ commit });
    await quorum().api.close(round);
    const acts = (await audit()).filter(({ subject }) => subject === `round/${round}`);
    expect(acts.map(({ act, actor }) => [act, actor.kind])).toEqual([
      ['round-open', 'token'],
      ['round-close', 'token'],
    ]);
    expect(acts[0]?.actor.id).toBe(ADMIN_TOKEN.slice(4, 16));
    expect(JSON.stringify(acts)).not.toContain(ADMIN_TOKEN.slice(17));
  });

  test('tells what the console did before anything that came of it', async () => {
    const { manager } = quorum().dataSource;
    const token = await quorum().dataSource.transaction(async (own) => {
      const stored = await storeToken(own, everything('console'), { now: new Date() });
      await keepForLog(own, creationOf(stored!.view), new Date());
      return stored!;
    });
    const api = new CoordinatorClient(quorum().api.url, token.token);
    const round = await api.open({ commit });
    const acts = await audit();
    const places = [`token/${token.view.id}`, `round/${round}`].map((subject) =>
      acts.findIndex((act) => act.subject === subject),
    );
    expect(places[0]).toBe(places[1]! - 1);
    expect(acts[places[0]!]?.actor).toEqual({ kind: 'console', id: 'database' });
    const [{ count }] = await manager.query<[{ count: string }]>(
      'SELECT count(*) AS "count" FROM "console_act"',
    );
    expect(count).toBe('0');
  });

  test('comes in pages that no later act shifts', async () => {
    const all = await audit();
    const page = async (query: string): Promise<AuditList> =>
      AuditList.parse(await (await quorum().api.get(`/${ROUTES.audit}?${query}`)).json());
    const first = await page('limit=2');
    await quorum().api.open({ commit });
    const second = await page(`limit=2&after=${first.next!}`);
    expect([...first.acts, ...second.acts]).toEqual(all.slice(0, 4));
  });

  test('is part of a log that fsck finds sound', async () => {
    const { dataSource, signer } = quorum();
    const verifier = ed25519Verifier('log.example/spec', signer.publicKey);
    const request = { origin: 'log.example/spec', verifier, publicKey: signer.publicKey };
    const { finding } = await dataSource.transaction('REPEATABLE READ', (manager) =>
      checkDatabase(manager, request),
    );
    expect(finding).toBeNull();
  });
});
