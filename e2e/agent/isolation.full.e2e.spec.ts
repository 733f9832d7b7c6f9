import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseStatement, readResult, unverifiedPayload } from '#libs/attestation';
import { OpenRoundAnswer, type Report, type RoundAttestations } from '#libs/contracts';
import { endUser, findBuildUser, unblockMetadata } from '#libs/icos';
import { listOwned } from '../../libs/icos/src/isolation/user-processes.js';
import { electGuestos } from '../scenarios/parts.js';
import { stageOf } from '../scenarios/run-scenario.js';
import { startStack, type Stack } from '../stack/stack.js';
import { ASKING } from '../stack/token.js';
import type { Child } from '../stack/child.js';
import { MALICE } from '../world/ic-mini/malice.js';
import type { Malice } from '../world/ic-mini/malice.js';
import { publish } from '../world/publisher.js';

const isRoot = process.getuid?.() === 0;
/** Ids that nobody has: two for an agent with two slots, and one for another agent. */
const [FIRST, SECOND, THIRD] = [1, 2, 3].map((at) => 3_000_000 + process.pid * 4 + at) as [
  number,
  number,
  number,
];
const MIB = 1024 ** 2;
const HIDDEN = 'xyzzy-0f9a';

const SMALL = {
  BUILD_SLOTS: '2',
  BUILD_PROCESSES: '400',
  BUILD_MEMORY_BYTES: String(400 * MIB),
  BUILD_DISK_BYTES: String(300 * MIB),
  BUILD_LOG_BYTES: String(64 * MIB),
  BUILD_TIMEOUT_SECONDS: '18',
};

const CLASSES: Readonly<Record<Malice['what'], string>> = {
  'read-secrets': 'permission',
  'fork-bomb': 'too-many-processes',
  'fill-disk': 'disk-limit',
  'fill-memory': 'out-of-memory',
  'endless-log': 'log-limit',
  outlive: 'time-limit',
};

let stack: Stack;
let agent: Child;
let reports: ReadonlyMap<Malice['what'], Report>;
const rounds = new Map<Malice['what'], string>();

async function open(request: object): Promise<string> {
  const response = await fetch(`${stack.coordinator.url}/v1/rounds`, {
    ...{ method: 'POST', headers: ASKING, body: JSON.stringify(request) },
  });
  const answer = OpenRoundAnswer.parse(await response.json());
  if (answer.kind !== 'opened') throw new Error(`no round was opened: ${answer.kind}`);
  return answer.round;
}

async function openMalicious(what: Malice['what'], told?: string): Promise<void> {
  const malice = { what, ...(told !== undefined && { told }) };
  const commit = await stack.world.icMini.commit({}, undefined, { malice });
  rounds.set(what, await open({ commit }));
}

const ofAnn = (report: Report): Report['builders'][number] =>
  report.builders.find(({ operator }) => operator === 'ann')!;

/** One agent with two slots meets all of them; the one that never ends is being built meanwhile. */
async function meetAll(): Promise<ReadonlyMap<Malice['what'], Report>> {
  await openMalicious('outlive');
  const first = stageOf(stack, rounds.get('outlive')!);
  await first.until('a build that goes on', (report) => ofAnn(report).state === 'building');
  const others = MALICE.filter((what) => what !== 'outlive');
  for (const what of others) await openMalicious(what, first.round.slice(0, 16));
  const ended = [...rounds].map(async ([what, round]) => {
    const stage = stageOf(stack, round);
    await stage.until(`a commit after ${what}`, (now) => ofAnn(now).state === 'committed');
    await stage.closeRound();
    return [what, await stage.until('an end', (now) => now.round?.phase === 'final')] as const;
  });
  return new Map(await Promise.all(ended));
}

describe.skipIf(!isRoot)('a malicious build script (as root only)', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    stack = await startStack(() => [{ operator: 'ann' }, { operator: 'bob' }], {
      DEFAULT_THRESHOLD: '2',
    });
    await chmod(stack.dir, 0o711);
    const natsKeyFile = join(stack.dir, 'builders/builder-1/nats.seed');
    await writeFile(natsKeyFile, createUser().getSeed(), { mode: 0o600 });
    agent = await stack.builders[0]!.start({
      ...{ ...SMALL, BUILD_USER: `${FIRST},${SECOND}`, NATS_KEY_FILE: natsKeyFile },
      ...{ AWS_SECRET_ACCESS_KEY: HIDDEN, REPRO_QUORUM_TOKEN: HIDDEN },
    });
    reports = await meetAll();
  }, 240_000);

  afterAll(async () => {
    await stack.close();
    for (const uid of [FIRST, SECOND, THIRD]) {
      const user = (await findBuildUser(String(uid)))!;
      await endUser(user);
      await unblockMetadata(user);
    }
  });

  test.for(MALICE)('%s is contained, and ends as a class of its own', (what) => {
    expect(ofAnn(reports.get(what)!)).toMatchObject({
      failure: { stage: 'build', class: CLASSES[what] },
    });
  });

  test('has got hold of nothing: keys, outbox, other builds, secrets, credentials, root, the cloud', async () => {
    for (const round of rounds.values()) {
      const folder = join(stack.dir, 'builders/builder-1/state');
      const log = await readLog(folder, round);
      expect(log).not.toContain('TAKEN');
      expect(log).not.toContain(HIDDEN);
    }
    const log = await readLog(
      join(stack.dir, 'builders/builder-1/state'),
      rounds.get('read-secrets')!,
    );
    for (const thing of ['key.pem', 'witness-key.pem', 'nats.seed', 'state', '/build']) {
      expect(log).toMatch(new RegExp(`${thing}'?[^\n]*: Permission denied`));
    }
  });

  test('leaves nothing behind: no process, no file, and a log of bounded size', async () => {
    for (const uid of [FIRST, SECOND]) {
      expect(await listOwned((await findBuildUser(String(uid)))!)).toEqual([]);
      await expect(stat(`/tmp/left-by-${uid}`)).rejects.toThrow('ENOENT');
    }
    const dir = join(stack.dir, 'builders/builder-1');
    expect(await readdir(join(dir, 'build'))).toEqual([]);
    expect(await readdir(join(dir, 'tmp'))).toEqual([]);
    const { size } = await stat(await logPath(join(dir, 'state'), rounds.get('endless-log')!));
    expect(size).toBeLessThan(257 * MIB);
  });

  test('leaves the agent healthy: its next honest round is reproduced, by users of their own', async () => {
    const { world } = stack;
    const commit = await world.icMini.commit({});
    const { icMini, cdnRoots, workDir } = world;
    const published = await publish({ icMini, commit, cdnRoots, workDir });
    const proposal = world.nns.propose(electGuestos({ world, published }));
    const round = await open({ proposal: proposal.toString() });
    // The other one's builds get a disk of their own each, which changes nothing.
    const disk = { BUILD_DISK: 'loop', BUILD_TIMEOUT_SECONDS: '60' };
    await stack.builders[1]!.start({ ...SMALL, ...disk, BUILD_USER: String(THIRD) });
    const stage = stageOf(stack, round);
    await stage.watch();
    const report = await stage.report();
    const guestos = report.artifacts.find(({ name }) => name === 'guestos/update-img');
    expect(guestos).toMatchObject({ verdict: 'reproduced' });
    const response = await fetch(`${stack.coordinator.url}/v1/rounds/${round}/attestations`);
    const { attestations } = (await response.json()) as RoundAttestations;
    const facts = attestations
      .filter(({ kind }) => kind === 'result')
      .map(({ envelope }) => readResult(parseStatement(unverifiedPayload(envelope))))
      .map(({ environment }) => environment.facts);
    expect(facts.map((one) => one['build.isolation'])).toEqual(['user', 'user']);
    expect(facts.map((one) => Number(one['user.uid'])).every((uid) => uid >= FIRST)).toBe(true);
    expect(facts.map((one) => one['temp.filesystem'])).toContain('ext4');
    expect(await readdir(join(stack.dir, 'builders/builder-2/build'))).toEqual([]);
    expect(agent.isRunning).toBe(true);
  });
});

async function logPath(stateDir: string, round: string): Promise<string> {
  const entries = await readdir(stateDir, { recursive: true });
  const own = entries.find((entry) => entry.includes(round) && entry.endsWith('build.log'));
  return join(stateDir, own ?? 'no log');
}

async function readLog(stateDir: string, round: string): Promise<string> {
  return readFile(await logPath(stateDir, round), 'latin1');
}
