import { beforeAll, describe, expect, test } from 'vitest';
import { ProposalEntity, RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { makeRoster, makeRound, makeSigner, useDataSource } from '#libs/testing';
import { RegistryService } from '../builders/registry.service.js';
import { Config } from '../config.js';
import { ClockNews } from './clock-news.service.js';

const dataSource = useDataSource();
const [alice, bob] = [makeSigner(1), makeSigner(2)];
const BEGINNING = Date.parse('2026-01-01T00:00:00.000Z');
const HOUR_MS = 3_600_000;
const config = readConfig(Config, {
  ...{ DATABASE_URL: 'postgres://', NATS_URL: 'nats://127.0.0.1:4222', SIGNING_KEY_FILE: 'key' },
  ...{ LOG_ORIGIN: 'log.example', ROSTER_FILE: 'roster', VANISHED_SECONDS: '900' },
});

async function addProposal(id: string, kind: string, votingEndsAt: Date): Promise<void> {
  await dataSource().manager.insert(ProposalEntity, {
    ...{ id, title: `Elect \u202e${id}`, url: '', nnsFunction: 38, payload: null, evidence: '' },
    ...{ decision: { kind }, votingEndsAt, archivedAt: new Date(BEGINNING) },
  });
}

const { round, open } = makeRound(makeRoster({ alice: [alice], bob: [bob] }), {
  threshold: '2',
  openedAt: new Date(BEGINNING).toISOString(),
});

beforeAll(async () => {
  const { manager } = dataSource();
  const inDays = (days: number) => new Date(BEGINNING + days * 24 * HOUR_MS);
  await addProposal('1', 'elects', inDays(4));
  await addProposal('2', 'elects', inDays(4));
  await addProposal('3', 'unelects-only', inDays(4));
  await addProposal('4', 'elects', inDays(40));
  await manager.insert(RoundEntity, {
    ...{ id: round, release: open.release.name, proposalId: '1', open, roster: null },
    ...{ phase: 'open', openedAt: new Date(BEGINNING), openIndex: 0 },
  });
  for (const [operator, { id: builder }] of [['alice', alice] as const, ['bob', bob] as const]) {
    await manager.insert(RoundBuilderEntity, {
      ...{ round, builder, operator, invitedAt: new Date(BEGINNING) },
      // One of them has committed: nobody waits for it.
      ...(operator === 'bob' && { commitment: 'ab', commitIndex: 1 }),
    });
  }
});

async function newsAt(ms: number): Promise<readonly (readonly [string, object])[]> {
  const clock = new ClockNews(dataSource(), config, new RegistryService(dataSource()));
  const found = await clock.find(new Date(BEGINNING + ms));
  return found.map(({ news: { type, data } }) => [type, data]);
}

describe('time alone', () => {
  test('brings nothing while builders are heard of and votes are far', async () => {
    expect(await newsAt(10 * 60_000)).toEqual([]);
  });

  test('has a builder vanish that is waited for', async () => {
    expect(await newsAt(15 * 60_000)).toMatchObject([
      ['builder.vanished', { round, operator: 'alice', builder: alice.id }],
    ]);
  });

  test('brings deadlines near: of what elects something, and has no verdict', async () => {
    const near = (await newsAt(4 * 24 * HOUR_MS - HOUR_MS)).filter(
      ([type]) => type === 'deadline.near',
    );
    expect(near.map(([, data]) => data)).toMatchObject([
      { proposal: { id: '1', title: 'Elect  1' }, round, state: 'open' },
      { proposal: { id: '2' }, round: null, state: 'no-round' },
    ]);
    expect(await newsAt(4 * 24 * HOUR_MS)).toHaveLength(1);
  });

  test('brings the same again, and it concerns who was asked', async () => {
    const clock = new ClockNews(dataSource(), config, new RegistryService(dataSource()));
    const found = await clock.find(new Date(BEGINNING + 4 * 24 * HOUR_MS - HOUR_MS));
    const ofRound = found.find(({ news }) => news.type === 'deadline.near' && news.data.round);
    expect(ofRound?.audience.seats.map(({ operator }) => operator).toSorted()).toEqual([
      ...['alice', 'bob'],
    ]);
  });
});
