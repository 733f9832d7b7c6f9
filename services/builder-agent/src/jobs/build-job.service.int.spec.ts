import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Result } from '#libs/attestation';
import { natsUrl } from '#libs/testing';
import { createRepository, SCRIPT_HEAD } from '../../../../e2e/agent/repository.js';
import { writeErasFile } from '../../../../e2e/world/eras-file.js';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { playCoordinator, signerOf } from '../round.fixture.js';
import { makeJobDesk } from './desk.fixture.js';
import { signedResult } from './signed-result.fixture.js';

const builder = signerOf(1);
const played = playCoordinator();
const nats = useConnection(natsUrl);

/** Has an agent build a script, and gives what it signed. */
async function build(script: string): Promise<Result> {
  const dir = await scratchDirectory();
  const repository = await createRepository(join(dir, 'ic.git'));
  const gitCommit = await repository.commit(`${SCRIPT_HEAD}${script}`);
  await writeErasFile(join(dir, 'eras.json'));
  await mkdir(join(dir, 'tmp'));
  const config = configBelow(dir, {
    GIT_URL: `file://${join(dir, 'ic.git')}`,
    ERAS_FILE: join(dir, 'eras.json'),
    BUILD_TMPDIR: join(dir, 'tmp'),
    BUILD_USER: 'none',
  });
  const { jobs, runner, rebuilds } = makeJobDesk(config, builder, played.coordinator, nats());
  await rebuilds.onModuleInit();
  const { round, envelope } = played.open([builder], {
    release: {
      name: `ic/${gitCommit}`,
      source: { uri: null, digest: { gitCommit } },
      artifacts: [],
    },
  });
  await jobs.add(round, envelope);
  runner.onModuleInit();
  return signedResult(jobs, round, builder);
}

test('what a failed build said last is signed without secrets and without folders of its machine', async () => {
  const result = await build(
    'echo "no way to https://ann:hunter22@example.org/x in $TMPDIR"; exit 3',
  );
  expect(result).toMatchObject({ kind: 'failed', stage: 'build', class: 'build-error' });
  expect(result.kind === 'failed' && result.message).toMatch(
    /^the build script exited with 3: no way to https:\/\/ann:\[struck\]@example\.org\/x in <path>\/repro-quorum-[0-9a-f]{16}$/,
  );
});
