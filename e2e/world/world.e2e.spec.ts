import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OpenRoundAnswer, Report, RoundList } from '#libs/contracts';
import { loadEras } from '#libs/icos';
import { cli, type CliRun } from '../stack/cli.js';
import type { CoordinatorProcess } from '../stack/coordinator.js';
import { startByHand, writeRoster, type ByHand } from './by-hand.js';
import { ERA_IDS } from './era.js';

let hand: ByHand;
let coordinator: CoordinatorProcess;
beforeAll(async () => {
  hand = await startByHand();
  coordinator = await hand.up();
});
afterAll(async () => {
  await coordinator.stop();
  await hand.close();
});

async function run(...args: readonly string[]): Promise<CliRun> {
  const token = await readFile(join(hand.dataDir, 'admin.token'), 'utf8');
  return cli({ coordinator, token: token.trim() }, ...args);
}

test('a coordinator that has no builders yet says so, and opens no round', async () => {
  const { exitCode, stderr } = await run('round', 'open', hand.proposal('elect-clean'));
  expect(exitCode).toBe(2);
  expect(stderr).toContain('0 operators');
});

test('each proposal is answered for what it is', async () => {
  await writeRoster(hand, coordinator, ['alice', 'bob']);
  const opened = await run('round', 'open', hand.proposal('elect-clean'), '--json');
  expect(opened.exitCode).toBe(0);
  expect(OpenRoundAnswer.parse(JSON.parse(opened.stdout)).kind).toBe('opened');
  const removed = await run('round', 'open', hand.proposal('unelect'), '--json');
  expect(removed.exitCode).toBe(0);
  expect(Report.parse(JSON.parse(removed.stdout)).kind).toBe('nothing-to-build');
  const deployed = await run('round', 'open', hand.proposal('deploy'), '--json');
  expect(deployed.exitCode).toBe(3);
  expect(Report.parse(JSON.parse(deployed.stdout))).toMatchObject({
    kind: 'deployment',
    deployment: { commit: hand.signposts.releases[0]!.commit, to: { kind: 'subnet' } },
  });
  const motion = await run('round', 'open', hand.proposal('motion'));
  expect(motion).toMatchObject({ exitCode: 2, stdout: '' });
  expect(motion.stderr).toContain('not-an-election');
});

test('a check is pointed at this world by what is printed', async () => {
  const { environment, urls, proposals } = hand.signposts;
  expect(environment).toMatchObject({
    REPRO_QUORUM_NNS_HOST: urls.nns,
    REPRO_QUORUM_NNS_ROOT_KEY: expect.stringMatching(/^308182[0-9a-f]{260}$/) as string,
    REPRO_QUORUM_GIT_URL: urls.git,
    REPRO_QUORUM_CDN_SYSTEMS: urls.systems,
    REPRO_QUORUM_CDN_NETWORK: urls.network,
  });
  const eras = await loadEras(environment['REPRO_QUORUM_ERAS'] ?? '');
  expect(eras.map(({ engine }) => engine)).toEqual(ERA_IDS.map(() => null));
  const offered = (os: string) =>
    proposals.filter(({ name }) => name.startsWith(`elect-${os}-of-`)).length;
  expect([offered('guestos'), offered('hostos')]).toEqual([ERA_IDS.length, ERA_IDS.length - 2]);
  const purged = hand.proposal('elect-purged');
  const shown = await fetch(`${environment['REPRO_QUORUM_DASHBOARD']}/api/v3/proposals/${purged}`);
  expect(shown.status).toBe(200);
  expect((await run('round', 'open', purged)).exitCode).not.toBe(0);
});

test('a second start on the same folder finds the earlier round, its log and its key again', async () => {
  const told = async () => ({
    rounds: RoundList.parse(JSON.parse((await run('round', 'list', '--json')).stdout)).rounds,
    key: await (await fetch(`${coordinator.url}/v1/log/key`)).text(),
    checkpoint: await (await fetch(`${coordinator.url}/v1/log/checkpoint`)).text(),
    roster: await readFile(join(hand.dataDir, 'roster.json'), 'utf8'),
  });
  const before = await told();
  expect(before.rounds).toHaveLength(1);
  await coordinator.stop();
  coordinator = await hand.up();
  expect(await told()).toEqual(before);
});

test('the world ends on Ctrl-C and leaves nothing behind', async () => {
  const folder = dirname(hand.signposts.rootKeyFile);
  await access(folder);
  expect(await hand.interruptWorld()).toBe(0);
  await expect(access(folder)).rejects.toThrow('ENOENT');
});
