import { expect, test } from 'vitest';
import { ToldTail } from './told-tail.js';

const piece = (fromByte: number, text: string, nextByte = fromByte + text.length) => ({
  ...{ fromByte, nextByte, text },
});

test('the end of a log is kept for who comes later, and no more of it', () => {
  const tail = new ToldTail();
  expect([tail.nextByte, tail.kept]).toEqual([null, []]);
  for (let at = 0; at < 100; at += 1) tail.add(piece(at * 1000, 'x'.repeat(1000)));
  expect(tail.nextByte).toBe(100_000);
  expect(tail.kept).toHaveLength(16);
  expect(tail.kept[0]?.fromByte).toBe(84_000);
});

test('an answer without a line moves on, and is not kept', () => {
  const tail = new ToldTail();
  tail.add(piece(0, 'line\n'));
  tail.add(piece(5, '', 5));
  expect([tail.nextByte, tail.kept.length]).toEqual([5, 1]);
});

test('a build that begins anew has the lines of the first one forgotten', () => {
  const tail = new ToldTail();
  tail.add(piece(0, 'one\n'));
  tail.add(piece(4, 'two\n'));
  tail.add(piece(0, 'anew\n'));
  expect(tail.kept).toEqual([piece(0, 'anew\n')]);
});
