import { describe, expect, test } from 'vitest';
import type { Urgency } from '#libs/contracts';
import { jobOf, playCoordinator, signerOf } from '../round.fixture.js';
import { isDue, queueOf } from './queue.js';
import type { Job } from './job.js';

const builder = signerOf(1);
const played = playCoordinator();

function jobOfAge(openedAt: string, urgency: Urgency | null = null): Job {
  return { ...jobOf(played.open([builder], { openedAt })), urgency };
}

const old = jobOfAge('2026-11-01T00:00:00Z');
const young = jobOfAge('2026-11-02T00:00:00Z');
const vote = jobOfAge('2026-11-03T00:00:00Z', { class: 'vote', by: '2026-11-05T00:00:00Z' });
const sooner = jobOfAge('2026-11-04T00:00:00Z', { class: 'vote', by: '2026-11-04T12:00:00Z' });
const trial = jobOfAge('2026-10-01T00:00:00Z', {
  class: 'calibration',
  by: '2026-11-03T00:00:00Z',
});

describe('a queue', () => {
  test('has the most urgent round first, then the oldest', () => {
    const shuffled = [young, trial, sooner, old, vote];
    expect(queueOf(shuffled).map(({ round }) => round)).toEqual(
      [sooner, vote, old, young, trial].map(({ round }) => round),
    );
  });

  test('has nothing in it that is not to be built', () => {
    const stopped = { reason: 'requested', at: '2026-11-22T00:00:00Z' } as const;
    const declined = played.close(old.round);
    expect(
      queueOf([
        { ...old, stopped },
        { ...young, declined },
      ]),
    ).toEqual([]);
  });
});

test('a job begins once its next try is due', () => {
  const tries = { count: 1, nextAt: '2026-11-22T00:00:01Z', failures: [] };
  expect(isDue(old, new Date(0))).toBe(true);
  expect(isDue({ tries }, new Date('2026-11-22T00:00:00Z'))).toBe(false);
  expect(isDue({ tries }, new Date('2026-11-22T00:00:01Z'))).toBe(true);
});
