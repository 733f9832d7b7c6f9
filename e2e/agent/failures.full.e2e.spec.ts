import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { roundOpenStatement, signStatement, type Release } from '#libs/attestation';
import { SUBJECTS } from '#libs/contracts';
import { playCoordinator, signerOf } from '../../services/builder-agent/src/round.fixture.js';
import { listen } from '../world/listener.js';
import { openBench } from './bench.js';
import { SCRIPT_HEAD } from './repository.js';

const FAILURES = [
  [
    'a commit of no known era',
    '#!/bin/sh\necho "a script of another time"\n',
    { stage: 'source', class: 'unsupported-commit' },
  ],
  [
    'a script that succeeds and leaves nothing',
    `${SCRIPT_HEAD}exit 0\n`,
    { stage: 'outputs', class: 'output-missing' },
  ],
  [
    'a full disk',
    `${SCRIPT_HEAD}echo image > /dev/full\n`,
    { stage: 'build', class: 'out-of-space' },
  ],
] as const;

test('a build that comes to nothing is a signed failure that says why', async () => {
  const bench = await openBench();
  await bench.start();
  const rounds: string[] = [];
  for (const [, script] of FAILURES) rounds.push(await bench.dispatch(await bench.commit(script)));
  for (const [at, [name, , failure]] of FAILURES.entries()) {
    const { round, builder } = { round: rounds[at]!, builder: bench.builder.id };
    const result = await bench.resultOf(round);
    expect(result, name).toMatchObject({ kind: 'failed', round, builder, ...failure });
  }
});

test('a build’s last words are told without names and paths of the machine', async () => {
  const bench = await openBench();
  await bench.start();
  const words = 'echo "cannot write $PWD/a $TMPDIR/b $HOME/c on $(hostname) at 10.20.30.40"';
  const round = await bench.dispatch(await bench.commit(`${SCRIPT_HEAD}${words}\nexit 9\n`));
  const result = await bench.resultOf(round);
  expect(result).toMatchObject({
    class: 'build-error',
    message: expect.stringMatching(
      /^the build script exited with 9: cannot write <path>\S*\/a <path>\S*\/b <path>\S*\/c on \S+ at <address>$/,
    ) as string,
  });
  expect(JSON.stringify(result)).not.toContain(bench.dir);
  if (hostname().length > 8) expect(JSON.stringify(result)).not.toContain(hostname());
});

test('a build times out by lack of progress, not by its duration', async () => {
  const bench = await openBench();
  const silent = await listen(() => new Promise(() => undefined));
  await bench.start({ IDLE_TIMEOUT_SECONDS: '2' });
  const hanging = await bench.dispatch(
    await bench.commit(
      `${SCRIPT_HEAD}echo asking the mirror\ncurl -q -sS ${silent.url}/Packages\n`,
    ),
  );
  const slow = await bench.dispatch(
    await bench.commit(
      `${SCRIPT_HEAD}for n in {1..15}; do echo "step $n"; sleep 0.2; done\nexit 7\n`,
    ),
  );
  expect(await bench.resultOf(hanging)).toMatchObject({
    ...{ kind: 'failed', stage: 'build', class: 'timeout' },
    message: expect.stringContaining('asking the mirror') as string,
  });
  const result = await bench.resultOf(slow);
  expect(result).toMatchObject({
    class: 'build-error',
    message: 'the build script exited with 7: step 15',
  });
  const durationMs = Date.parse(result.finishedAt) - Date.parse(result.startedAt);
  expect(durationMs).toBeGreaterThan(3_000);
  await silent.close();
});

test('nobody but the pinned coordinator can have an agent run a script', async () => {
  const bench = await openBench();
  // In one home for all builds, each would leave its trace.
  await bench.start({ BUILD_CACHE: 'warm' });
  const release = async (script: string): Promise<string> => bench.commit(SCRIPT_HEAD + script);
  const impostor = playCoordinator(201).open([bench.builder], {
    release: releaseOf(await release('touch "$HOME/impostor"\n')),
  });
  const forOthers = playCoordinator().open([signerOf(9)], {
    release: releaseOf(await release('touch "$HOME/others"\n')),
  });
  const own = signStatement(roundOpenStatement(impostor.open), bench.builder);
  for (const roundOpen of [impostor.envelope, forOthers.envelope, own, { payload: 'x' }]) {
    await bench.whisper(SUBJECTS.buildRequested, { roundOpen });
  }
  // They came first, and one job is built after the other.
  const round = await bench.dispatch(await release('ls "$HOME"\nexit 5\n'));
  expect(await bench.resultOf(round)).toMatchObject({
    message: expect.stringMatching(/^the build script exited with 5: $/) as string,
  });
  expect(bench.committed()).toEqual([round]);
});

function releaseOf(commit: string): Release {
  return {
    name: `ic/${commit}`,
    source: { uri: null, digest: { gitCommit: commit } },
    artifacts: [],
  };
}
