import { expect, test } from 'vitest';
import { byteRange } from './byte-range.js';

test.each([
  ['bytes=0-9', { start: 0, end: 10 }],
  ['bytes=90-', { start: 90, end: 100 }],
  ['bytes=90-500', { start: 90, end: 100 }],
  ['bytes=-10', { start: 90, end: 100 }],
  ['bytes=-500', { start: 0, end: 100 }],
  ['bytes=100-', 'beyond'],
  ['bytes=-0', 'beyond'],
  ['bytes=9-3', null],
  ['bytes=-', null],
  ['bytes=0-1,5-6', null],
  ['lines=0-1', null],
  ['bytes=9999999999999999999-', null],
  ['', null],
  [undefined, null],
])('of 100 bytes %j is %j', (header, range) => {
  expect(byteRange(header, 100)).toEqual(range);
});

test('of nothing there is no part', () => {
  expect(byteRange('bytes=0-', 0)).toBe('beyond');
});
