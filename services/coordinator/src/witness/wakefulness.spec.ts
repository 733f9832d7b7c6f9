import { Registry } from 'prom-client';
import { beforeEach, expect, test } from 'vitest';
import { Wakefulness } from './wakefulness.js';

let said: string[];
let registry: Registry;
let wakefulness: Wakefulness;
beforeEach(() => {
  [said, registry] = [[], new Registry()];
  const logger = {
    log: (text: string) => said.push(`log ${text}`),
    warn: (text: string) => said.push(`warn ${text}`),
  };
  wakefulness = new Wakefulness(registry, logger);
});

const gauge = async (): Promise<readonly string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith('quorum_witness'));

test('a witness that sleeps is told once, and once more when it wakes', async () => {
  for (let times = 0; times < 100; times += 1) {
    wakefulness.failed('ann', 'failed', new Error('no answer'));
  }
  expect(await gauge()).toEqual(['quorum_witness_asleep{witness="ann"} 1']);
  for (let times = 0; times < 100; times += 1) wakefulness.answered('ann');
  expect(said).toEqual([
    'warn witness ann did not cosign, and is asked on: Error: no answer',
    'log witness ann cosigns again',
  ]);
  expect(await gauge()).toEqual(['quorum_witness_asleep{witness="ann"} 0']);
});

test('one that falls asleep again is told again', () => {
  wakefulness.failed('ann', 'failed', 'x');
  wakefulness.answered('ann');
  wakefulness.failed('ann', 'failed', 'x');
  expect(said).toHaveLength(3);
});

test('one that always answered is not spoken of', async () => {
  wakefulness.answered('ann');
  expect(said).toEqual([]);
  expect(await gauge()).toEqual(['quorum_witness_asleep{witness="ann"} 0']);
});

test('one that refuses where it slept before is news', () => {
  wakefulness.failed('ann', 'failed', 'no answer');
  wakefulness.failed('ann', 'refused', 'who are you?');
  wakefulness.failed('ann', 'refused', 'who are you?');
  expect(said).toHaveLength(2);
});

test('each witness has its own sleep', async () => {
  wakefulness.failed('ann', 'failed', 'x');
  wakefulness.failed('ben', 'failed', 'x');
  wakefulness.answered('ann');
  expect(said).toHaveLength(3);
  expect(await gauge()).toEqual([
    'quorum_witness_asleep{witness="ann"} 0',
    'quorum_witness_asleep{witness="ben"} 1',
  ]);
});
