import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { pemOf } from '#libs/attestation';
import { Report, RoundList } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { readConfig } from '#libs/platform';
import { CoordinatorClient, makeSigner, useQuorum } from '#libs/testing';
import { startNns } from '../../../e2e/world/nns/index.js';
import { Config } from './config.js';
import { startCoordinator } from './coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 2 },
});
const commit = '0d'.repeat(20);
const nowhere = 'ee'.repeat(32);

test('an empty log has no checkpoint, and says so', async () => {
  const problem = await quorum().api.refused('GET', '/v1/log/checkpoint');
  expect(problem).toMatchObject({ status: 404, code: 'empty-log' });
});

describe('a roster that cannot be used opens no round and is told as a problem:', () => {
  const [one, two] = [makeSigner(1), makeSigner(2)];
  const keyOf = (signer = one): string => toBase64(signer.publicKey);
  const rosterOf = (...operators: readonly unknown[]): string => JSON.stringify({ operators });
  const bits = { operator: 'bits', builders: [{ publicKey: keyOf(two) }] };

  afterEach(() => quorum().writeTrueRoster());

  test.each<[string, string, RegExp]>([
    [
      'two operators with one builder',
      rosterOf(
        { operator: 'acme', builders: [{ publicKey: keyOf() }] },
        {
          operator: 'bits',
          builders: [{ publicKey: pemOf(one.publicKey) }],
        },
      ),
      /listed twice/,
    ],
    [
      'one operator twice',
      rosterOf(bits, { ...bits, builders: [{ publicKey: keyOf() }] }),
      /listed twice/,
    ],
    [
      'an id that is not of its key',
      rosterOf(bits, { operator: 'acme', builders: [{ builder: two.id, publicKey: keyOf() }] }),
      /listed with the key of/,
    ],
    [
      'a key that is none',
      rosterOf(bits, { operator: 'acme', builders: [{ publicKey: 'x'.repeat(44) }] }),
      /not an Ed25519 public key/,
    ],
    [
      'a key by which anybody can sign',
      rosterOf(bits, { operator: 'acme', builders: [{ publicKey: `AQ${'A'.repeat(41)}=` }] }),
      /small order/,
    ],
    [
      'an operator without builders',
      rosterOf(bits, { operator: 'acme', builders: [] }),
      /builders/,
    ],
    ['an unknown field', rosterOf({ ...bits, votes: 7 }), /votes/],
    ['no JSON', '{"operators":', /JSON/],
    ['no roster', '[]', /expected object/],
  ])('%s', async (_, roster, detail) => {
    const before = await quorum().contents();
    await quorum().writeRoster(roster);
    const problem = await quorum().api.refused('POST', '/v1/rounds', { commit });
    expect(problem).toMatchObject({ status: 422, code: 'roster-unusable' });
    expect(problem.detail).toMatch(detail);
    expect(await quorum().contents()).toEqual(before);
  });

  test('nobody', async () => {
    await quorum().writeRoster(rosterOf());
    const problem = await quorum().api.refused('POST', '/v1/rounds', { commit });
    expect(problem).toMatchObject({ status: 422, code: 'threshold-too-low' });
  });

  test('a file that is not there', async () => {
    const elsewhere = { ROSTER_FILE: join(quorum().directory, 'nowhere.json') };
    const started = await quorum().start(elsewhere);
    const api = new CoordinatorClient(started.url);
    const problem = await api.refused('POST', '/v1/rounds', { commit });
    expect(problem).toMatchObject({ status: 422, code: 'roster-unusable' });
    await quorum().stop(started);
  });
});

describe('a request that cannot be met is refused, and leaves no trace:', () => {
  test.each<[string, unknown, number, string]>([
    ['no body', undefined, 400, 'malformed-request'],
    ['no JSON', '{"commit":', 400, 'bad-request'],
    ['neither proposal nor commit', {}, 400, 'malformed-request'],
    ['both', { proposal: '1', commit }, 400, 'malformed-request'],
    ['an abbreviated commit', { commit: commit.slice(0, 12) }, 400, 'malformed-request'],
    ['an option for a commit', { commit: '--upload-pack=x' }, 400, 'malformed-request'],
    ['a field that is not known', { commit, force: true }, 400, 'malformed-request'],
    ['a threshold that is none', { commit, threshold: 'most' }, 400, 'bad-threshold'],
    ['a third', { commit, threshold: '1/3' }, 422, 'threshold-too-low'],
    ['one', { commit, threshold: '1' }, 422, 'threshold-too-low'],
    ['more than are asked', { commit, threshold: '4' }, 422, 'threshold-out-of-reach'],
    ['a stranger', { commit, builders: ['aaaaa-bbbbb'] }, 422, 'unknown-builder'],
    ['too few', { commit, builders: [makeSigner(1).id] }, 422, 'threshold-too-low'],
    ['3 MB', JSON.stringify({ commit: 'a'.repeat(3_000_000) }), 413, 'payload-too-large'],
    ['a proposal while governance is away', { proposal: '7' }, 502, 'unreachable'],
  ])('%s', async (_, body, status, code) => {
    const before = await quorum().contents();
    const problem = await quorum().api.refused('POST', '/v1/rounds', body);
    expect(problem).toMatchObject({ status, code });
    expect(await quorum().contents()).toEqual(before);
  });

  test.each<['GET' | 'POST', string, number, string]>([
    ['GET', `/v1/rounds/${nowhere}/report`, 404, 'no-such-round'],
    ['GET', `/v1/rounds/${nowhere}/report.md`, 404, 'no-such-round'],
    ['POST', `/v1/rounds/${nowhere}/close`, 404, 'no-such-round'],
    ['GET', `/v1/attestations/${nowhere}`, 404, 'no-such-attestation'],
    ['GET', '/v1/proposals/7/report', 404, 'no-such-proposal'],
    ['GET', '/v1/rounds/latest/report', 400, 'malformed-request'],
    ['GET', '/v1/rounds/%zz/report', 400, 'bad-request'],
    ['GET', '/v1/rounds?limit=1000', 400, 'malformed-request'],
    ['GET', '/v1/rounds?before=x', 400, 'malformed-request'],
    ['GET', '/v1/proposals/-7/report', 400, 'malformed-request'],
    ['GET', '/v1/nothing', 404, 'not-found'],
  ])('%s %s', async (method, path, status, code) => {
    expect(await quorum().api.refused(method, path)).toMatchObject({ status, code });
  });
});

describe('a round', () => {
  test('invites those of the roster that it names, and the roster is read anew for each', async () => {
    const { api, builders } = quorum();
    const [acme, bits, , twin] = builders;
    const named = [acme!.id, bits!.id, twin!.id];
    const round = await api.open({ commit, builders: [...named, acme!.id], threshold: '3' });
    const { open } = await acme!.invitation(round);
    expect(open.roster.map(({ operator }) => operator)).toEqual(['acme', 'bits', 'coop']);
    const invited = open.roster.flatMap((entry) => entry.builders.map(({ builder }) => builder));
    expect(invited).toEqual(named);
  });

  test('is shown as Markdown too', async () => {
    const { api } = quorum();
    const round = await api.open({ commit });
    const response = await api.get(`/v1/rounds/${round}/report.md`);
    expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(await response.text()).toContain(`ic/${commit}`);
  });

  test('is listed, newest first, on pages that no later round shifts', async () => {
    const { api } = quorum();
    const mine = '0f'.repeat(20);
    const list = async (query: string): Promise<RoundList> =>
      RoundList.parse(await (await api.get(`/v1/rounds?commit=${mine}&${query}`)).json());
    const rounds: string[] = [];
    for (let at = 0; at < 5; at += 1) rounds.unshift(await api.open({ commit: mine }));
    const first = await list('limit=2');
    await api.open({ commit: mine });
    const second = await list(`limit=2&before=${first.next!}`);
    const third = await list(`limit=2&before=${second.next!}`);
    const pages = [first, second, third].map((page) => page.rounds.map(({ round }) => round));
    expect(pages).toEqual([rounds.slice(0, 2), rounds.slice(2, 4), rounds.slice(4)]);
    expect(third.next).toBeNull();
    expect((await list('limit=100')).rounds).toHaveLength(6);
  });
});

test('a proposal is found under its number, however that was written', async () => {
  const nns = await startNns();
  const rootKeyFile = join(quorum().directory, 'root.der');
  await writeFile(rootKeyFile, nns.rootKey);
  const sha256 = 'ab'.repeat(32);
  const urls = [`https://download.example/ic/${commit}/guest-os/update-img/update-img.tar.zst`];
  const id = String(nns.propose({ kind: 'elect-guestos', commit, sha256, urls }));
  const started = await quorum().start({ NNS_URL: nns.url, NNS_ROOT_KEY_FILE: rootKeyFile });
  const api = new CoordinatorClient(started.url);
  try {
    const round = await api.open({ proposal: `00${id}` });
    const report = await api.report(round);
    expect(report.proposal).toMatchObject({ id });
    const found = await api.get(`/v1/proposals/0${id}/report`);
    expect(Report.parse(await found.json())).toEqual(report);
  } finally {
    await quorum().stop(started);
    await nns.close();
  }
});
