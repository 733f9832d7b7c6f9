import { describe, expect, test } from 'vitest';
import { parseStatement, readRoundOpen, unverifiedPayload } from '#libs/attestation';
import { AuditList, Group, GroupList, GroupRounds, RoundGroups } from '#libs/contracts';
import { ProposalEntity, RoundEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { alice: 1, bob: 1, carol: 1, dave: 1, erin: 1 },
});
let opened = 0;

const NORTH = { name: 'North', members: ['alice', 'bob', 'carol'], threshold: '2/3' };
const SOUTH = { name: 'South', members: ['carol', 'dave', 'zoe'], threshold: '2' };

async function put(group: string, body: object): Promise<Group> {
  const answer = await quorum().api.put(`/v1/groups/${group}`, body);
  expect(answer.status).toBe(200);
  return Group.parse(await answer.json());
}

async function openFor(...groups: string[]): Promise<string> {
  opened += 1;
  return quorum().api.open({ commit: opened.toString(16).padStart(40, 'a'), groups });
}

/** Has builders commit, the round close, and those that committed show what they built. */
async function play(round: string, variants: Readonly<Record<string, string>>): Promise<void> {
  const sealed = await Promise.all(
    Object.entries(variants).map(async ([operator, variant]) => {
      const builder = quorum().builder(operator);
      const { commit, result } = builder.seal(await builder.invitation(round), variant);
      await builder.commit(commit);
      await builder.receipt(commit);
      return { builder, result };
    }),
  );
  if ((await quorum().api.report(round)).round?.phase === 'open') await quorum().api.close(round);
  for (const { builder, result } of sealed) {
    await builder.close(round);
    await builder.reveal(result);
  }
  await quorum().api.reportIn('final', round);
}

async function groupsOf(round: string): Promise<RoundGroups> {
  return RoundGroups.parse(await (await quorum().api.get(`/v1/rounds/${round}/groups`)).json());
}

describe('a group', () => {
  test('is told with what it is now, and its making stands in the log', async () => {
    expect(await put('north', NORTH)).toMatchObject({ group: 'north', ...NORTH, about: null });
    expect(await put('south', SOUTH)).toMatchObject({ group: 'south', threshold: '2' });
    const list = GroupList.parse(await (await quorum().api.get('/v1/groups')).json());
    expect(list.groups.map(({ group }) => group)).toEqual(['north', 'south']);
    const { acts } = AuditList.parse(await (await quorum().api.get('/v1/audit?limit=100')).json());
    expect(acts).toContainEqual(
      expect.objectContaining({ act: 'group-set', subject: 'group/north', detail: NORTH }),
    );
  });

  test.each([
    ['a member twice', { ...NORTH, members: ['alice', 'alice'] }, 400],
    ['one member', { ...NORTH, members: ['alice'] }, 400],
    ['a threshold of half', { ...NORTH, threshold: '1/2', members: ['alice', 'bob'] }, 422],
    ['a threshold that nobody can reach', { ...NORTH, threshold: '4' }, 422],
    ['an address that a browser would run', { ...NORTH, about: 'javascript:alert(1)' }, 400],
  ])('with %s is refused, and nothing is written', async (_, body, status) => {
    const before = await quorum().contents();
    expect((await quorum().api.put('/v1/groups/other', body)).status).toBe(status);
    expect(await quorum().contents()).toEqual(before);
  });

  test('that is not known is a problem that says so', async () => {
    expect(await quorum().api.refused('GET', '/v1/groups/nobody')).toMatchObject({
      ...{ status: 404, code: 'no-such-group' },
    });
    const request = { commit: 'b'.repeat(40), groups: ['nobody'] };
    expect(await quorum().api.refused('POST', '/v1/rounds', request)).toMatchObject({
      code: 'no-such-group',
    });
  });
});

describe('a joint round', () => {
  test('asks the members of its groups and nobody else, and says so in what is signed', async () => {
    const round = await openFor('north', 'south');
    const { builders } = await quorum().api.report(round);
    expect(builders.map(({ operator }) => operator)).toEqual(['alice', 'bob', 'carol', 'dave']);
    const [entry] = await quorum().api.logged(round);
    const open = readRoundOpen(parseStatement(unverifiedPayload(entry!.envelope)));
    expect(open.groups).toEqual([
      { group: 'north', ...NORTH },
      { group: 'south', ...SOUTH },
    ]);
    await play(round, { alice: 'one', bob: 'one', carol: 'two', dave: 'two' });
  });

  test('has a verdict for each group, by its own members and threshold', async () => {
    const round = await openFor('north', 'south');
    await play(round, { alice: 'one', bob: 'one', carol: 'two', dave: 'two' });
    const { groups } = await groupsOf(round);
    expect(groups.map(({ group, definition, needed }) => [group, definition, needed])).toEqual([
      ['north', 'round', 2],
      ['south', 'round', 2],
    ]);
    const clusters = groups.map(({ artifacts }) =>
      artifacts[0]!.clusters.map(({ operators }) => operators),
    );
    expect(clusters).toEqual([[['alice', 'bob'], ['carol']], [['carol', 'dave']]]);
    expect(groups.map(({ artifacts }) => artifacts[0]!.verdict)).not.toContain('pending');
  });

  test('tells who was absent, and who was never asked', async () => {
    const round = await openFor('south');
    await play(round, { carol: 'one' });
    const [south] = (await groupsOf(round)).groups;
    expect(south?.members.map(({ operator, attendance }) => [operator, attendance])).toEqual([
      ['carol', 'attested'],
      ['dave', 'absent'],
      ['zoe', 'not-asked'],
    ]);
    expect(south?.artifacts[0]).toMatchObject({ verdict: 'insufficient', needed: 2 });
    expect(south?.headline).toContain('2 are needed');
  });

  test('tells who attested before the vote ended, and who after', async () => {
    const { dataSource } = quorum();
    const round = await openFor('north');
    await play(round, { alice: 'one', bob: 'one', carol: 'one' });
    const before = (await groupsOf(round)).groups[0]!.members;
    const times = before.map(({ attestedAt }) => Date.parse(attestedAt!)).toSorted();
    await dataSource.manager.insert(ProposalEntity, {
      ...{ id: '138000', title: 'Elect', url: '', nnsFunction: 38, payload: null, decision: {} },
      ...{ evidence: '{}', archivedAt: new Date(), votingEndsAt: new Date(times.at(-1)!) },
    });
    await dataSource.manager.update(RoundEntity, { id: round }, { proposalId: '138000' });
    const { deadlineAt, groups } = await groupsOf(round);
    expect(deadlineAt).toBe(new Date(times.at(-1)!).toISOString());
    const inTime = groups[0]!.members.map(({ attestedAt, isBeforeDeadline }) => [
      Date.parse(attestedAt!) < times.at(-1)!,
      isBeforeDeadline,
    ]);
    expect(inTime.every(([is, told]) => is === told)).toBe(true);
    expect(inTime.flat()).toContain(false);
    await dataSource.manager.update(RoundEntity, { id: round }, { proposalId: null });
  });

  test('stays as it was opened, whoever joins or leaves its group later', async () => {
    const round = await openFor('north');
    await play(round, { alice: 'one', bob: 'one', carol: 'two' });
    const before = await groupsOf(round);
    await put('north', { ...NORTH, members: ['carol', 'dave'], threshold: '2' });
    expect(await groupsOf(round)).toEqual(before);
    await put('north', NORTH);
  });
});

test('of a round that was opened for no group, groups are told as they are now', async () => {
  opened += 1;
  const commit = opened.toString(16).padStart(40, 'a');
  const builders = ['dave', 'erin'].map((name) => quorum().builder(name).id);
  const round = await quorum().api.open({ commit, builders });
  const { groups } = await groupsOf(round);
  expect(groups.map(({ group, definition }) => [group, definition])).toEqual([
    ['south', 'current'],
  ]);
});

test('a group’s rounds come newest first, page by page, and a strange cursor is refused', async () => {
  const all = GroupRounds.parse(await (await quorum().api.get('/v1/groups/north/rounds')).json());
  expect(all.rounds.length).toBeGreaterThan(2);
  expect(all.rounds.map(({ openedAt }) => openedAt)).toEqual(
    all.rounds
      .map(({ openedAt }) => openedAt)
      .toSorted()
      .toReversed(),
  );
  const paged: string[] = [];
  for (let before = ''; ;) {
    const path = `/v1/groups/north/rounds?limit=2${before}`;
    const page = GroupRounds.parse(await (await quorum().api.get(path)).json());
    paged.push(...page.rounds.map(({ round }) => round));
    if (page.next === null) break;
    before = `&before=${page.next}`;
  }
  expect(paged).toEqual(all.rounds.map(({ round }) => round));
  const strange = `/v1/groups/north/rounds?before=${'e'.repeat(64)}`;
  expect(await quorum().api.refused('GET', strange)).toMatchObject({ code: 'bad-cursor' });
});

test('a group that is removed is gone, and its rounds go on telling what it said', async () => {
  const round = await openFor('south');
  const removed = await quorum().api.delete('/v1/groups/south');
  expect(removed.status).toBe(200);
  expect((await quorum().api.get('/v1/groups/south')).status).toBe(404);
  expect((await groupsOf(round)).groups.map(({ group }) => group)).toEqual(['south']);
});
