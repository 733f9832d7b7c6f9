import { describe, expect, test, vi } from 'vitest';
import type { Report } from '#libs/contracts';
import { seedSplit } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { isSettled, RoundFollower, type FollowMode } from './round-follower.js';
import type { FetchedRound } from './live-round.js';

const split = seedSplit();
const round = split.round?.round ?? '';
const opened: Report = {
  ...split,
  round: split.round === null ? null : { ...split.round, phase: 'open' },
};
const fetchedOf = (report: Report, isComplete: boolean): FetchedRound => ({
  report,
  explanation: { round, isComplete, madeAt: null, artifacts: [] },
  entries: null,
  logs: null,
  groups: null,
});

/** The browser's side of a stream, as far as a feed uses it. */
class Stream {
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private readonly listeners = new Map<string, (event: { data: unknown }) => void>();
  addEventListener(kind: string, take: (event: { data: unknown }) => void): void {
    this.listeners.set(kind, take);
  }
  close(): void {
    this.readyState = 2;
  }
  send(event: { kind: string } & Record<string, unknown>): void {
    this.listeners.get(event.kind)?.({ data: JSON.stringify(event) });
  }
}

function follow(first: FetchedRound, answer: () => FetchedRound) {
  const stream = new Stream();
  const streams: Stream[] = [];
  const timers = new Set<() => void>();
  const modes: FollowMode[] = [];
  const fetched: FetchedRound[] = [];
  const asked: string[] = [];
  const follower = new RoundFollower(
    round,
    first,
    {
      openEvents: () => {
        streams.push(streams.length === 0 ? stream : new Stream());
        return streams.at(-1) as unknown as EventSource;
      },
      every: (_, call) => {
        timers.add(call);
        return () => timers.delete(call);
      },
      get: (path) => {
        asked.push(path);
        const { report, explanation } = answer();
        if (path.endsWith('/report')) return Promise.resolve(report);
        return Promise.resolve(path.endsWith('/explanation') ? explanation : null);
      },
    },
    {
      event: () => undefined,
      fetched: (one) => fetched.push(one),
      mode: (mode) => modes.push(mode),
    },
  );
  const tick = (): void => {
    for (const call of timers) call();
  };
  return { follower, stream, streams, timers, modes, fetched, tick, asked: () => asked };
}

describe('following a round', () => {
  test('fetches the report whenever the coordinator says that it changed', async () => {
    const { follower, stream, fetched, modes } = follow(fetchedOf(opened, false), () =>
      fetchedOf(opened, false),
    );
    follower.start();
    stream.onopen?.();
    stream.send({ kind: 'changed', round, phase: 'open', version: '1' });
    await vi.waitFor(() => {
      expect(fetched).toHaveLength(1);
    });
    expect(modes).toEqual(['live']);
  });

  test('asks by itself once the stream is refused', async () => {
    const { follower, stream, fetched, modes, tick } = follow(fetchedOf(opened, false), () =>
      fetchedOf(opened, false),
    );
    follower.start();
    stream.readyState = 2;
    stream.onerror?.();
    await vi.waitFor(() => {
      expect(fetched).toHaveLength(1);
    });
    tick();
    await vi.waitFor(() => {
      expect(fetched).toHaveLength(2);
    });
    expect(modes).toEqual(['polling']);
  });

  test('tries the stream again later, and asks no more once there is one', () => {
    const opening = fetchedOf(opened, false);
    const { follower, stream, streams, timers, modes, tick } = follow(opening, () => opening);
    follower.start();
    stream.readyState = 2;
    stream.onerror?.();
    for (let polls = 0; polls < 12; polls += 1) {
      expect(timers.size).toBe(1);
      tick();
    }
    expect(streams).toHaveLength(3);
    // The second try breaks off like the first, the third one does not.
    streams[1]!.onerror?.();
    streams[2]!.onopen?.();
    expect(timers.size).toBe(0);
    expect(modes).toEqual(['polling', 'live']);
  });

  test('ends at the verdict of a round in which all agree', async () => {
    const agreed = { ...split, artifacts: split.artifacts.slice(0, 1) };
    const { follower, stream, modes, timers } = follow(fetchedOf(opened, false), () =>
      fetchedOf(agreed, false),
    );
    follower.start();
    stream.send({ kind: 'changed', round, phase: 'final', version: '2' });
    await vi.waitFor(() => {
      expect(modes.at(-1)).toBe('over');
    });
    expect(stream.readyState).toBe(2);
    expect(timers.size).toBe(0);
  });

  test('goes on asking after the verdict until the split has been looked into', async () => {
    let isComplete = false;
    const { follower, modes, timers, tick } = follow(fetchedOf(split, false), () =>
      fetchedOf(split, isComplete),
    );
    follower.start();
    expect(modes).toEqual(['explaining']);
    isComplete = true;
    tick();
    await vi.waitFor(() => {
      expect(modes.at(-1)).toBe('over');
    });
    expect(timers.size).toBe(0);
  });

  test('passes over what is no event, or of another round', () => {
    const { follower, stream, asked } = follow(fetchedOf(opened, false), () =>
      fetchedOf(opened, false),
    );
    follower.start();
    stream.send({ kind: 'changed', round: 'ff'.repeat(32), phase: 'open', version: '1' });
    stream.send({ kind: 'changed', round });
    expect(asked()).toEqual([]);
  });

  test('asks for no explanation before there can be one, and for no list that it was not given', async () => {
    const first = fetchedOf(opened, false);
    const { follower, stream, fetched, asked } = follow(first, () => first);
    follower.start();
    stream.send({ kind: 'changed', round, phase: 'open', version: '1' });
    await vi.waitFor(() => {
      expect(fetched).toHaveLength(1);
    });
    expect(asked()).toEqual([`/v1/rounds/${round}/report`]);
  });

  test('is settled only when final and, where it split, explained as far as can be', () => {
    expect(isSettled(fetchedOf(opened, true))).toBe(false);
    expect(isSettled(fetchedOf(split, false))).toBe(false);
    expect(isSettled(fetchedOf(split, true))).toBe(true);
  });
});
