import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { beforeAll, expect, test } from 'vitest';
import { natsKeyText } from '#libs/attestation';
import { CreatedToken } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import {
  AccessTokenEntity,
  BuilderEntity,
  BuilderInviteEntity,
  copyLog,
  DatabaseSource,
  LogFolder,
} from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  freshKeys,
  Joining,
  makeComer,
  signedOrder,
  signRevocation,
  signRotation,
  takeBackup,
  useBackups,
  useQuorum,
  type Backup,
  type Comer,
} from '#libs/testing';
import { ed25519Verifier, parseVkey } from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { restore } from './restore.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1 },
  environment: { CALIBRATE_BUILDERS: 'false' },
});
const databaseOf = useBackups();
const joining = new Joining(quorum);
const fresh = freshKeys();
const approved: Comer[] = [];
const waiting: Comer[] = [];
const tokens: string[] = [];
const invites: string[] = [];
let backup: Backup;
let copy: LogFolder;

async function madeToken(label: string): Promise<string> {
  const asked = { label, scopes: ['rounds'], days: 1 };
  const answer = await quorum().api.post('/v1/tokens', asked);
  return CreatedToken.parse(await answer.json()).view.id;
}

/** A database that was brought back from the backup, and up to the copy of the log. */
async function restored(): Promise<DataSource> {
  const vkey = await (await quorum().api.get('/v1/log/key')).text();
  const { name: origin, publicKey } = parseVkey(vkey.trim());
  const verifier = ed25519Verifier(origin, publicKey);
  const { source } = await databaseOf(backup);
  await source.query('UPDATE "builder" SET "is_nats_due" = false');
  await restore(source, { origin, publicKey, verifier, source: copy, rootKey: undefined });
  return source;
}

beforeAll(async () => {
  const { api, dataSource, directory } = quorum();
  for (let left = 6; left > 0; left -= 1) approved.push(await joining.approved());
  for (let left = 2; left > 0; left -= 1) {
    const comer = makeComer();
    await joining.enrol(comer.enrol);
    waiting.push(comer);
  }
  tokens.push(await madeToken('stolen'), await madeToken('kept'));
  for (let left = 2; left > 0; left -= 1) invites.push((await joining.invite()).id);
  await joining.order(approved[5]!.id, 'pause');
  backup = await takeBackup(dataSource);
  const [rotated, revoked, , lied, paused, resumed] = approved;
  for (const record of [
    signRotation(rotated!.operator, rotated!.set.attestation, fresh),
    signRevocation(revoked!.operator, revoked!.set.attestation),
  ]) {
    expect((await api.post('/v1/keys', record)).status).toBe(200);
  }
  await joining.order(lied!.id, 'revoke', { reason: 'lied' });
  await joining.obeyed(signedOrder(paused!.operator, paused!.id, 'pause', { reason: 'disk' }));
  await joining.order(resumed!.id, 'resume');
  for (const { id } of waiting) await joining.order(id, 'approve');
  await joining.order(waiting[1]!.id, 'revoke');
  expect((await api.delete(`/v1/tokens/${tokens[0]!}`)).ok).toBe(true);
  expect((await api.delete(`/v1/invites/${invites[0]!}`)).ok).toBe(true);
  copy = new LogFolder(join(directory, 'copy'));
  await copyLog(new DatabaseSource(dataSource.manager), copy);
});

test('builders have the keys that came back with the log, and NATS is told of them', async () => {
  const rows = (await restored()).getRepository(BuilderEntity);
  const [rotated, revoked, untouched] = approved;
  expect(await rows.findOneBy({ id: rotated!.id })).toMatchObject({
    publicKey: toBase64(fresh.attestation.publicKey),
    natsPublicKey: natsKeyText(fresh.nats.publicKey),
    isNatsDue: true,
  });
  expect((await rows.findOneBy({ id: revoked!.id }))?.isNatsDue).toBe(true);
  expect((await rows.findOneBy({ id: untouched!.id }))?.isNatsDue).toBe(false);
});

test('they stand as was ordered since, and nobody is let in who was not in the backup', async () => {
  const rows = (await restored()).getRepository(BuilderEntity);
  const standing = async ({ id }: Comer): Promise<unknown[]> => {
    const row = await rows.findOneByOrFail({ id });
    return [row.status, row.statusReason, row.statusBy, row.isNatsDue];
  };
  const [, , untouched, lied, paused, resumed] = approved;
  expect(await standing(lied!)).toEqual(['revoked', 'lied', 'group', true]);
  expect(await standing(paused!)).toEqual(['paused', 'disk', 'operator', true]);
  expect(await standing(resumed!)).toEqual(['active', null, 'group', true]);
  expect(await standing(untouched!)).toEqual(['active', null, 'group', false]);
  expect((await standing(waiting[0]!))[0]).toBe('applied');
  expect((await standing(waiting[1]!))[0]).toBe('revoked');
});

test('tokens and invites that were ended since do not come back with the backup', async () => {
  const source = await restored();
  const [ended, kept] = await Promise.all(
    tokens.map((id) => source.getRepository(AccessTokenEntity).findOneByOrFail({ id })),
  );
  expect([ended?.revokedAt === null, kept?.revokedAt]).toEqual([false, null]);
  const [withdrawn, open] = await Promise.all(
    invites.map((id) => source.getRepository(BuilderInviteEntity).findOneByOrFail({ id })),
  );
  expect([withdrawn?.withdrawnAt === null, open?.withdrawnAt]).toEqual([false, null]);
});
