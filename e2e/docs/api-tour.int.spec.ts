import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '#libs/platform';
import { ADMIN_TOKEN, useQuorum } from '#libs/testing';
import { Config } from '../../services/coordinator/src/config.js';
import { startCoordinator } from '../../services/coordinator/src/coordinator.js';
import { namedBlocks } from './pages.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1 },
});
const blocks = namedBlocks('docs/api.md');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repro-quorum-tour-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a block of the page as a reader would, and gives what it prints. */
function run(name: string): Promise<string> {
  // Not spawnSync: the coordinator that is asked runs in this very process.
  return new Promise((resolve, reject) => {
    const child = spawn(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', blocks.get(name) ?? 'exit 9'],
      {
        cwd: folder,
        env: { PATH: process.env['PATH'] ?? '', QUORUM: quorum().api.url, TOKEN: ADMIN_TOKEN },
      },
    );
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${name} ended with ${String(code)}: ${printed}`));
    });
  });
}

/** Has all builders of a round build the same, until there is a verdict. */
async function play(round: string): Promise<void> {
  const { api, builders } = quorum();
  const sealed = await Promise.all(
    builders.map(async (builder) => builder.seal(await builder.invitation(round))),
  );
  for (const [at, builder] of builders.entries()) await builder.commit(sealed[at]!.commit);
  await Promise.all(builders.map((builder) => builder.close(round)));
  for (const [at, builder] of builders.entries()) await builder.reveal(sealed[at]!.result);
  await api.reportIn('final', round);
}

test('the tour of the API does what it says, command by command', async () => {
  expect([...blocks.keys()]).toEqual([
    ...['where', 'open', 'follow', 'report', 'posts', 'evidence', 'lists', 'etag', 'problem'],
  ]);
  expect(await run('where')).toContain('{"status":"ok"}');
  await run('open');
  const round = (await readFile(join(folder, 'round'), 'utf8')).trim();
  expect(round).toMatch(/^[0-9a-f]{64}$/);
  const follows = run('follow');
  await play(round);
  const kinds = (await follows).trim().split('\n');
  expect([kinds[0], kinds.at(-1)]).toEqual(['changed', 'final']);
  expect(await run('report')).toMatch(/reproduced\t3\n[^]*acme\tbuilt\t[0-9a-f]{64}/);
  const posts = await run('posts');
  expect(posts).toContain('## ic/ef4eff7e');
  expect(posts).toContain('## My review of ic/ef4eff7e');
  expect(await run('evidence')).toContain('https://slsa.dev/provenance/v1');
  expect(await run('lists')).toContain(round.slice(0, 12));
  expect(await run('etag')).toBe('304\n');
  expect(await run('problem')).toMatch(/^404\nno-such-round\n/);
});
