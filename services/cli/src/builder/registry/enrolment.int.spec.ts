import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXIT } from '../../exit.js';
import { readNewKeys, type NewKeys } from '../../keys/new-keys.js';
import { createKey } from '../create-key.js';
import { filesIn } from './builder-dir.js';
import { enrolmentOf, type EnrolmentOptions } from './enrolment.js';

let dir = '';
let kept = '';
let keys: NewKeys;
let options: EnrolmentOptions;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'repro-quorum-enrolment-'));
  const { key, witnessKey, natsKey, enrolment } = filesIn(dir);
  const [operatorKey, rival] = [join(dir, 'operator.pem'), join(dir, 'rival.pem')];
  for (const path of [key, witnessKey, natsKey, operatorKey, rival]) createKey(path, null);
  keys = await readNewKeys({ key, witnessKey, natsKey });
  kept = enrolment;
  options = { operatorKey, operatorName: 'Ann', validDays: '30' };
  await enrolmentOf(options, kept, keys);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('the record that was made before is sent again, by the same words and by fewer', async () => {
  const record: unknown = JSON.parse(await readFile(kept, 'utf8'));
  for (const typed of [options, { operatorName: 'Ann' }, { validDays: '30' }, {}]) {
    expect((await enrolmentOf(typed, kept, keys)).envelope).toEqual(record);
  }
});

test.each<[what: string, typed: (dir: string) => EnrolmentOptions, said: string]>([
  ['name', () => ({ operatorName: 'Bob' }), '--operator-name "Ann", not "Bob"'],
  ['period', () => ({ validDays: '365' }), '--valid-days 30, not 365'],
  ['operator', (at) => ({ operatorKey: join(at, 'rival.pem') }), 'made with operator '],
])('it is never sent in place of one with another %s', async (what, typed, said) => {
  const sending = enrolmentOf(typed(dir), kept, keys);
  await expect(sending).rejects.toMatchObject({
    exitCode: EXIT.usage,
    message: expect.stringContaining(said) as unknown,
    hint: expect.stringContaining('to begin anew move it away') as unknown,
  });
  await expect(sending).rejects.toThrow(kept);
  const named = enrolmentOf({ ...typed(dir), enrolment: kept }, null, keys);
  await expect(named).rejects.toThrow(said);
});

test('without it the next record is a new one', async () => {
  await rm(kept);
  const { event } = await enrolmentOf({ ...options, operatorName: 'Bob' }, kept, keys);
  expect([event.said.operator.name, existsSync(kept)]).toEqual(['Bob', true]);
});
