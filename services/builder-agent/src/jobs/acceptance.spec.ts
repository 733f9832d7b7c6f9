import { describe, expect, test } from 'vitest';
import { declineReasonOf, refusalOf, type Standing } from './acceptance.js';
import { HoursText } from './exclusive-hours.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const TOMORROW = new Date('2026-11-23T12:00:00Z');
const standing: Standing = { mood: 'ready', hours: null, waiting: 0, mostWaiting: 2 };

describe('a round that is dispatched', () => {
  test('is taken by an agent that is ready', () => {
    expect(refusalOf(standing, TOMORROW, NOW)).toBeNull();
  });

  test.each(['paused', 'draining'] as const)('is declined by one that is %s', (mood) => {
    expect(refusalOf({ ...standing, mood }, TOMORROW, NOW)).toBe(mood);
  });

  test('is declined where enough wait already', () => {
    expect(refusalOf({ ...standing, waiting: 1 }, TOMORROW, NOW)).toBeNull();
    expect(refusalOf({ ...standing, waiting: 2 }, TOMORROW, NOW)).toBe('busy');
  });

  test('waits for the hours of its machine, unless the round ends before', () => {
    const hours = HoursText.parse('22:00-06:00 UTC');
    expect(refusalOf({ ...standing, hours }, TOMORROW, NOW)).toBeNull();
    const evening = new Date('2026-11-22T22:00:00Z');
    expect(refusalOf({ ...standing, hours }, evening, NOW)).toBe('outside-hours');
  });
});

test.each([
  ['preflight', 'out-of-space', 'not-enough-disk'],
  ['preflight', 'out-of-memory', 'not-enough-memory'],
  ['preflight', 'missing-tool', 'unsupported-era'],
  ['preflight', 'permission', null],
  ['build', 'out-of-space', null],
  ['source', 'unsupported-commit', null],
])('%s: %s is a reason to decline: %s', (stage, failureClass, reason) => {
  expect(declineReasonOf(stage, failureClass)).toBe(reason);
});
