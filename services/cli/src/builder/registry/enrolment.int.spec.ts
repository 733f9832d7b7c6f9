import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signRotation } from '#libs/testing';
import { EXIT } from '../../exit.js';
import { readNewKeys, type NewKeys } from '../../keys/new-keys.js';
import { readSecretKey } from '../../keys/secret-key.js';
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

test('of a builder whose keys were rotated the record of that is sent, with the new keys', async () => {
  const operator = await readSecretKey(options.operatorKey!, null);
  const fresh = ['new-builder.pem', 'new-witness.pem', 'new-nats.pem'].map((file) =>
    join(dir, file),
  );
  for (const path of fresh) createKey(path, null);
  const [key = '', witnessKey = '', natsKey = ''] = fresh;
  const rotated = await readNewKeys({ key, witnessKey, natsKey });
  const rotation = signRotation(operator, keys.signers.attestation, rotated.signers);
  const path = join(dir, 'rotation.dsse.json');
  await writeFile(path, JSON.stringify(rotation));
  const { envelope, event } = await enrolmentOf({ enrolment: path }, kept, rotated);
  expect(envelope).toEqual(rotation);
  expect(event.said).toMatchObject({ builder: keys.signers.attestation.id, keys: rotated.keys });
  // The older record is none of these keys', and the rotation none of the older ones'.
  for (const [enrolment, wrong] of [
    [kept, rotated],
    [path, keys],
  ] as const) {
    await expect(enrolmentOf({ enrolment }, null, wrong)).rejects.toMatchObject({
      exitCode: EXIT.usage,
      hint: expect.stringContaining('after `builder rotate`') as unknown,
    });
  }
});
