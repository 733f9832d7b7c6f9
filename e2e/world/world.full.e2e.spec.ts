import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Report } from '#libs/contracts';
import { startChild, type Child } from '../stack/child.js';
import { cli } from '../stack/cli.js';
import type { CoordinatorProcess } from '../stack/coordinator.js';
import { entry } from '../stack/entry.js';
import { startByHand, type ByHand } from './by-hand.js';

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

async function run(...args: readonly string[]): Promise<string> {
  const token = (await readFile(join(hand.dataDir, 'admin.token'), 'utf8')).trim();
  const { exitCode, stdout, stderr } = await cli({ coordinator, token }, ...args);
  expect([args, exitCode, stderr]).toEqual([args, 0, stderr]);
  return stdout;
}

/** Joins as the operator's guide has it, and starts the agent with the world's variables. */
async function startAgent(name: string, buildHome: string): Promise<void> {
  const home = join(hand.dir, name);
  const [dir, operator] = [join(home, 'builder'), join(home, 'operator')];
  const to = ['--coordinator', coordinator.url];
  await run('operator', 'init', '--out', operator);
  const made = await run('builder', 'init', '--dir', dir, ...to, '--json');
  const { builder } = JSON.parse(made) as { builder: string };
  const signs = ['--operator-key', join(operator, 'operator-key.pem'), '--operator-name', name];
  await run('builder', 'enroll', '--dir', dir, ...signs, ...to);
  await run('builder', 'approve', builder, '--yes', ...to);
  const config = join(dir, 'builder-agent.env');
  const agent = startChild(process.execPath, [entry('cli'), 'builder', 'run', '--config', config], {
    logPath: join(hand.dir, `${name}.log`),
    env: {
      PATH: process.env['PATH'],
      ...hand.signposts.environment,
      COORDINATOR_URL: coordinator.url,
      BUILD_HOME: buildHome,
      PUBLICATION_CONSENT: 'yes',
    },
  });
  agents.push(agent);
  await agent.line(/is ready/);
}

test('two agents with the printed variables come to a verdict, and their mirrors tell them apart', async () => {
  const { inStep, movedOn } = hand.signposts.homes;
  await startAgent('alice', inStep);
  await startAgent('bob', movedOn);
  const args = [hand.proposal('elect-drift'), '--threshold', '2', '--watch', '--json'];
  const stdout = await run('round', 'open', ...args);
  const verdicts = Report.parse(JSON.parse(stdout)).artifacts.map(({ name, verdict, flags }) => {
    return [name, verdict, flags] as const;
  });
  expect(verdicts).toContainEqual(['guestos/update-img', 'reproduced', ['work-shown']]);
  expect(verdicts).toContainEqual(['hostos/update-img', 'split', ['advisory']]);
});
