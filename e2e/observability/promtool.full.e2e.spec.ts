import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { projectRoot } from '../world/project-root.js';
import { PROMETHEUS } from './rules.js';

/** On PATH, or unpacked by `./run test full` from Debian's package `prometheus`. */
function findPromtool(): string | null {
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    join(projectRoot(), '.tools/unpacked/prometheus/usr/bin'),
  ];
  return folders.map((folder) => join(folder, 'promtool')).find((path) => existsSync(path)) ?? null;
}

const promtool = findPromtool();
const why = promtool === null ? ' (skipped: there is no promtool; package prometheus has it)' : '';

test.skipIf(promtool === null)(
  `promtool takes the configuration and the alerts${why}`,
  async () => {
    const rules = (await readdir(join(PROMETHEUS, 'rules'))).map((file) =>
      join(PROMETHEUS, 'rules', file),
    );
    await execa(promtool!, ['check', 'rules', ...rules]);
    await execa(promtool!, [
      ...['check', 'config', '--syntax-only', join(PROMETHEUS, 'prometheus.yml')],
    ]);
  },
);

test.skipIf(promtool === null)(
  `the alerts come and stay away as their tests say${why}`,
  async () => {
    const tests = (await readdir(join(PROMETHEUS, 'tests'))).map((file) =>
      join(PROMETHEUS, 'tests', file),
    );
    const { stdout } = await execa(promtool!, ['test', 'rules', ...tests]);
    expect(stdout).toContain('SUCCESS');
  },
);

test.skipIf(promtool === null)(`promtool parses what dashboards ask${why}`, async () => {
  const folder = join(projectRoot(), 'deploy/grafana/dashboards');
  const asked = readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(
      ([, expression = '""']) => JSON.parse(expression) as string,
    );
  });
  const rules = asked.map((expr, at) => ({ record: `asked:${at}`, expr }));
  const scratch = await mkdtemp(join(tmpdir(), 'repro-quorum-promql-'));
  try {
    const path = join(scratch, 'asked.yaml');
    await writeFile(path, stringify({ groups: [{ name: 'asked', rules }] }));
    await execa(promtool!, ['check', 'rules', path]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  expect(asked.length).toBeGreaterThan(30);
});
