import { describe, expect, onTestFinished, test } from 'vitest';
import { Problem, ROUTES, SUBJECTS, subjectFor, type Progress } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { CoordinatorClient, eventually, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { EventReader } from './event-reader.fixture.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2', LIVE_READERS: '5', LIVE_READERS_PER_ADDRESS: '3' },
});

let opened = 0xb0;
function open(): Promise<string> {
  opened += 1;
  return quorum().api.open({ commit: opened.toString(16).padStart(40, '0') });
}

const pathOf = (round: string): string => `/${ROUTES.rounds}/${round}/events`;

async function watch(
  round: string,
  headers: Record<string, string> = {},
  url = quorum().api.url,
): Promise<EventReader> {
  const reader = await EventReader.open(`${url}${pathOf(round)}`, headers);
  onTestFinished(() => reader.leave());
  return reader;
}

/** Waits until more than so many have come. */
function some(count: () => number, than: number): Promise<number> {
  return eventually(
    'what is told',
    () => Promise.resolve(count()),
    (so) => so > than,
  );
}

async function finish(round: string): Promise<void> {
  const { api, builders } = quorum();
  for (const builder of builders) {
    const { commit, result } = builder.seal(await builder.invitation(round));
    await builder.commit(commit);
    await eventually(
      'the commit',
      () => api.report(round),
      (report) =>
        report.builders.some((it) => it.builder === builder.id && it.commitIndex !== null),
    );
    if (builder === builders.at(-1)) {
      await Promise.all(builders.map((each) => each.close(round)));
    }
    sealed.set(`${round}/${builder.id}`, result);
  }
  for (const builder of builders) await builder.reveal(sealed.get(`${round}/${builder.id}`)!);
}
const sealed = new Map<string, Parameters<ReturnType<typeof quorum>['builders'][0]['reveal']>[0]>();

async function tellProgress(builder: string, progress: Omit<Progress, 'builder'>): Promise<void> {
  const subject = subjectFor(SUBJECTS.progress, builder);
  const data = { builder, ...progress };
  quorum().nats.publish(subject, JSON.stringify({ pattern: subject, data }));
  await quorum().nats.flush();
}

describe('whoever watches a round', () => {
  test('is told at once how it stands, of each change, and of its end, with which the stream ends', async () => {
    const round = await open();
    const reader = await watch(round);
    expect(reader.response.headers.get('content-type')).toBe('text/event-stream');
    expect(reader.response.headers.get('cache-control')).toBe('no-store');
    await some(() => reader.of('changed').length, 0);
    await finish(round);
    await reader.ended;
    const phases = reader.of('changed').map(({ phase }) => phase);
    expect(phases[0]).toBe('open');
    expect(phases.at(-1)).toBe('final');
    const versions = reader.of('changed').map(({ version }) => version);
    expect(new Set(versions).size).toBe(versions.length);
    const last = reader.events.at(-1);
    expect(last).toMatchObject({ name: 'final', id: versions.at(-1), data: { round } });
  });

  test('at another coordinator is told the same', async () => {
    const round = await open();
    const other = await quorum().start();
    const readers = [await watch(round), await watch(round, {}, other.url)];
    await finish(round);
    await Promise.all(readers.map(({ ended }) => ended));
    const [one, two] = readers.map((reader) => reader.of('changed').at(-1));
    expect(one).toEqual(two);
    await quorum().stop(other);
  });

  test('comes back with the version that it saw, and misses no change', async () => {
    const round = await open();
    const first = await watch(round);
    await some(() => first.events.length, 0);
    const { id } = first.events[0]!;
    await first.leave();
    const same = await watch(round, { 'last-event-id': id! });
    await finish(round);
    await same.ended;
    expect(same.events[0]!.id).not.toBe(id);
    const behind = await watch(round, { 'last-event-id': id! });
    await behind.ended;
    expect(behind.events.map(({ name }) => name)).toEqual(['changed', 'final']);
    // Who knows the end is told that there is nothing to come back for.
    const done = await watch(round, { 'last-event-id': behind.events[1]!.id! });
    expect(done.response.status).toBe(204);
  });

  test('sees how far each builder says that it is, once for each step', async () => {
    const round = await open();
    const [builder] = quorum().builders;
    const reader = await watch(round);
    const step = { round, stage: 'source', percent: 40, sizeBytes: null } as const;
    await tellProgress(builder!.id, step);
    await some(() => reader.of('progress').length, 0);
    await eventually(
      'the next step',
      async () => {
        // Lossy, and in no order: an agent says it again and again.
        await tellProgress(builder!.id, { ...step, stage: 'build', percent: null });
        return reader.of('progress').length;
      },
      (count) => count > 1,
    );
    expect(reader.of('progress').map(({ stage, percent }) => [stage, percent])).toEqual([
      ['source', 40],
      ['build', null],
    ]);
    const late = await watch(round);
    await some(() => late.of('progress').length, 0);
    expect(late.of('progress')[0]).toMatchObject({ builder: builder!.id, stage: 'build' });
  });
});

describe('streams', () => {
  test('of a round that is not known are refused', async () => {
    const problem = await quorum().api.refused('GET', pathOf('ee'.repeat(32)));
    expect(problem).toMatchObject({ status: 404, code: 'no-such-round' });
  });

  test('are bounded for each address, and a reader that left makes room', async () => {
    const round = await open();
    const readers = [await watch(round), await watch(round), await watch(round)];
    const refused = await fetch(`${quorum().api.url}${pathOf(round)}`);
    expect(refused.headers.get('retry-after')).toBe('30');
    expect(Problem.parse(await refused.json())).toMatchObject({ status: 429 });
    const { api } = quorum();
    expect(await api.metric('quorum_live_streams')).toBe(3);
    await readers[0]!.leave();
    await eventually(
      'a free place',
      async () => {
        const reader = await EventReader.open(`${quorum().api.url}${pathOf(round)}`);
        await reader.leave();
        return reader.response.status;
      },
      (status) => status === 200,
    );
  });

  test('do not hold up a coordinator that stops', async () => {
    const round = await open();
    const other = await quorum().start();
    const reader = await watch(round, {}, other.url);
    await some(() => reader.events.length, 0);
    const startedAt = performance.now();
    await quorum().stop(other);
    await reader.ended;
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(reader.of('final')).toEqual([]);
    const api = new CoordinatorClient(quorum().api.url);
    expect((await api.report(round)).round?.phase).toBe('open');
  });
});
