import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Report } from '#libs/contracts';
import { startChild, type Child } from '../stack/child.js';
import { cli } from '../stack/cli.js';
import type { CoordinatorProcess } from '../stack/coordinator.js';
import { entry } from '../stack/entry.js';
import { startByHand, writeRoster, type ByHand } from './by-hand.js';

let hand: ByHand;
let coordinator: CoordinatorProcess;
const agents: Child[] = [];
beforeAll(async () => {
  hand = await startByHand();
  coordinator = await hand.up();
});
afterAll(async () => {
  for (const agent of agents) await agent.stop();
  await coordinator.stop();
  await hand.close();
});

/** Starts an agent with the world's variables and what only its operator can know. */
async function startAgent(name: string, keyFile: string, buildHome: string): Promise<void> {
  const home = join(hand.dir, name);
  await mkdir(home);
  const agent = startChild(process.execPath, [entry('builder-agent')], {
    logPath: join(home, 'agent.log'),
    env: {
      PATH: process.env['PATH'],
      ...hand.signposts.environment,
      BUILD_HOME: buildHome,
      NATS_URL: hand.natsUrl,
      COORDINATOR_URL: coordinator.url,
      COORDINATOR_VKEY: await (await fetch(`${coordinator.url}/v1/log/key`)).text(),
      KEY_FILE: keyFile,
      STATE_DIR: join(home, 'state'),
      CACHE_DIR: join(home, 'cache'),
      BUILD_DIR: join(home, 'build'),
      PUBLICATION_CONSENT: 'yes',
    },
  });
  agents.push(agent);
  await agent.line(/is ready/);
}

test('two agents with the printed variables come to a verdict, and their mirrors tell them apart', async () => {
  const { inStep, movedOn } = hand.signposts.homes;
  const [alice, bob] = await writeRoster(hand, coordinator, ['alice', 'bob']);
  await startAgent('alice', alice!, inStep);
  await startAgent('bob', bob!, movedOn);
  const args = [hand.proposal('elect-drift'), '--threshold', '2', '--watch', '--json'];
  const { exitCode, stdout } = await cli({ coordinator }, 'round', 'open', ...args);
  const verdicts = Report.parse(JSON.parse(stdout)).artifacts.map(({ name, verdict, flags }) => {
    return [name, verdict, flags] as const;
  });
  expect(verdicts).toContainEqual(['guestos/update-img', 'reproduced', ['work-shown']]);
  expect(verdicts).toContainEqual(['hostos/update-img', 'split', ['advisory']]);
  expect(exitCode).toBe(0);
});
