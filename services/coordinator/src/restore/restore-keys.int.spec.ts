import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { natsKeyText } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { BuilderEntity, copyLog, DatabaseSource, LogFolder } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  freshSigner,
  Joining,
  signRevocation,
  signRotation,
  takeBackup,
  useBackups,
  useQuorum,
  type Backup,
  type Comer,
  type HandKeys,
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
const fresh: HandKeys = {
  ...{ attestation: freshSigner(), witness: freshSigner(), nats: freshSigner() },
};
let [rotated, revoked, untouched]: readonly Comer[] = [];
let backup: Backup;
let copy: LogFolder;

beforeAll(async () => {
  const { api, dataSource, directory } = quorum();
  [rotated, revoked, untouched] = [
    ...[await joining.approved(), await joining.approved(), await joining.approved()],
  ];
  backup = await takeBackup(dataSource);
  for (const record of [
    signRotation(rotated!.operator, rotated!.set.attestation, fresh),
    signRevocation(revoked!.operator, revoked!.set.attestation),
  ]) {
    expect((await api.post('/v1/keys', record)).status).toBe(200);
  }
  copy = new LogFolder(join(directory, 'copy'));
  await copyLog(new DatabaseSource(dataSource.manager), copy);
});

test('builders have the keys that came back with the log, and NATS is told of them', async () => {
  const vkey = await (await quorum().api.get('/v1/log/key')).text();
  const { name: origin, publicKey } = parseVkey(vkey.trim());
  const verifier = ed25519Verifier(origin, publicKey);
  const { source } = await databaseOf(backup);
  await source.query('UPDATE "builder" SET "is_nats_due" = false');
  await restore(source, { origin, publicKey, verifier, source: copy, rootKey: undefined });
  const rows = source.getRepository(BuilderEntity);
  expect(await rows.findOneBy({ id: rotated!.id })).toMatchObject({
    publicKey: toBase64(fresh.attestation.publicKey),
    natsPublicKey: natsKeyText(fresh.nats.publicKey),
    isNatsDue: true,
  });
  expect((await rows.findOneBy({ id: revoked!.id }))?.isNatsDue).toBe(true);
  expect((await rows.findOneBy({ id: untouched!.id }))?.isNatsDue).toBe(false);
});
