import { expect, test } from 'vitest';
import { Reader } from './reader.js';

const ROUND = 'ab'.repeat(32);
const log = (fromByte: number) => {
  const text = 'x'.repeat(16_000);
  const piece = { builder: 'b', fromByte, nextByte: fromByte + text.length, text };
  return { event: { kind: 'log', round: ROUND, ...piece } } as const;
};

test('a reader that takes nothing is let go, and what waited for it with it', async () => {
  let ended = 0;
  const reader = new Reader(undefined, () => {
    ended += 1;
  });
  for (let at = 0; at < 1000 && !reader.stream.destroyed; at += 1) reader.tell(log(at * 16_000));
  expect(reader.stream.destroyed).toBe(true);
  expect(reader.stream.readableLength).toBeLessThan(300_000);
  await new Promise((resolve) => reader.stream.once('close', resolve));
  reader.tell(log(0));
  reader.beat();
  reader.end();
  expect(ended).toBe(1);
});

test('a version that a reader has is not told again', () => {
  const reader = new Reader('1', () => undefined);
  const changed = (version: string) =>
    ({
      event: { kind: 'changed', round: ROUND, phase: 'open', version },
      id: version,
    }) as const;
  reader.tell(changed('1'));
  reader.tell(changed('2'));
  reader.tell(changed('2'));
  const text = String(reader.stream.read());
  expect(text.match(/^event: changed$/gm)).toHaveLength(1);
});
