import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BuildLogEntity, copyLog, HttpSource, LogFolder } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  makeResult,
  signCommit,
  signResult,
  takeBackup,
  useBackups,
  useQuorum,
} from '#libs/testing';
import { ed25519Verifier, parseVkey } from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { restore } from './restore.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});
const databaseOf = useBackups();
const LOG = 'ab'.repeat(32);

test('logs of builds are asked for again where a backup is older than the results that name them', async () => {
  const { api, dataSource, directory } = quorum();
  const [acme, bits] = [quorum().builder('acme'), quorum().builder('bits')];
  const round = await api.open({ commit: '0a'.repeat(20), blind: false });
  const backup = await takeBackup(dataSource);
  for (const [builder, logSha256] of [
    [acme, LOG],
    [bits, null],
  ] as const) {
    const { open } = await builder.invitation(round);
    const made = makeResult({ round, release: open.release, builder: builder.id });
    const result = signResult({ ...made, logSha256 }, builder.signer);
    await builder.commit(signCommit(round, result, builder.signer));
    await builder.reveal(result);
  }
  await api.reportIn('final', round);
  const copy = new LogFolder(join(directory, 'copy'));
  await copyLog(new HttpSource(api.url), copy);

  const { name: origin, publicKey } = parseVkey(
    (await (await api.get('/v1/log/key')).text()).trim(),
  );
  const verifier = ed25519Verifier(origin, publicKey);
  const { source } = await databaseOf(backup);
  await restore(source, { origin, publicKey, verifier, source: copy, rootKey: undefined });
  const rows = await source.manager.find(BuildLogEntity);
  expect(rows).toMatchObject([{ round, builder: acme.id, sha256: LOG, state: 'awaited' }]);
  expect(rows[0]?.dueAt).not.toBeNull();
});
