import { expect, test } from 'vitest';
import { ShownLogs } from './shown-logs.js';

const log = (fromByte: number, text: string): Parameters<ShownLogs['take']>[0] => ({
  ...{ kind: 'log', round: '', builder: 'one' },
  ...{ fromByte, nextByte: fromByte + text.length, text },
});

test('lines are printed as they come, and once, though the stream breaks', () => {
  const logs = new ShownLogs();
  expect(logs.take(log(0, 'a\nb\n'))).toEqual(['a', 'b']);
  expect(logs.take(log(4, 'c\n'))).toEqual(['c']);
  logs.reconnect();
  expect(logs.take(log(0, 'a\nb\n'))).toEqual([]);
  expect(logs.take(log(0, 'a\nb\nc\nd\n'))).toEqual(['d']);
  expect(logs.take(log(8, 'e\n'))).toEqual(['e']);
});

test('a build that begins anew is printed from its beginning', () => {
  const logs = new ShownLogs();
  logs.take(log(0, 'a\nb\n'));
  expect(logs.take(log(0, 'a\n'))).toEqual(['a']);
});

test('after a gap all that comes is printed', () => {
  const logs = new ShownLogs();
  logs.take(log(0, 'a\n'));
  logs.reconnect();
  expect(logs.take(log(90, 'a\nz\n'))).toEqual(['a', 'z']);
});
