import { describe, expect, test } from 'vitest';
import { HoursText, isWithin, nextOpening } from './exclusive-hours.js';

const night = HoursText.parse('22:00-06:00 Europe/Zurich');
const day = HoursText.parse('08:30-17:00 UTC');

describe('hours', () => {
  test('are read as they are written', () => {
    expect(night).toEqual({ from: '22:00', to: '06:00', timeZone: 'Europe/Zurich' });
  });

  test.each(['', '22-06 UTC', '22:00-06:00', '22:00-24:00 UTC', '22:00-06:00 Moon/Sea', '*'])(
    '%j are none',
    (text) => {
      expect(HoursText.safeParse(text).success).toBe(false);
    },
  );

  test.each([
    ['2026-11-22T21:30:00Z', true],
    ['2026-11-22T20:59:00Z', false],
    ['2026-11-23T04:59:59Z', true],
    ['2026-11-23T05:00:00Z', false],
    ['2026-11-23T12:00:00Z', false],
    // In summer Zurich is two hours ahead.
    ['2026-07-01T20:00:00Z', true],
  ])('over midnight, in their own zone: %s is within: %s', (at, isIn) => {
    expect(isWithin(night, new Date(at))).toBe(isIn);
  });

  test('with one time twice are the whole day', () => {
    const always = HoursText.parse('06:00-06:00 UTC');
    expect(isWithin(always, new Date('2026-11-22T05:59:00Z'))).toBe(true);
  });

  test('begin again at the next opening, and now where they run', () => {
    const noon = new Date('2026-11-22T12:00:30Z');
    expect(nextOpening(night, noon).toISOString()).toBe('2026-11-22T21:00:00.000Z');
    expect(nextOpening(day, noon)).toBe(noon);
    const evening = new Date('2026-11-22T18:00:00Z');
    expect(nextOpening(day, evening).toISOString()).toBe('2026-11-23T08:30:00.000Z');
  });

  test('find an opening across a change of the clocks', () => {
    const before = new Date('2026-03-29T00:30:00Z');
    const hours = HoursText.parse('02:30-03:30 Europe/Zurich');
    // 02:30 is skipped that night: the window is open from 03:00, which is 01:00 UTC.
    expect(nextOpening(hours, before).toISOString()).toBe('2026-03-29T01:00:00.000Z');
  });
});
