import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { isFound } from '../foreign/debian.js';
import { projectRoot } from '../world/project-root.js';
import { UNITS, unitPath } from './unit-file.js';

const isThere = isFound('systemd-analyze');
const why = isThere ? '' : ' (skipped: systemd is not installed)';
const told = readFileSync(join(projectRoot(), 'docs/deploy.md'), 'utf8');

/** What systemd 252 says of it; other versions ask about other things. */
async function exposureOf(path: string): Promise<{ version: number; level: number }> {
  const { stdout: version } = await execa('systemd-analyze', ['--version']);
  const { stdout } = await execa('systemd-analyze', [
    'security',
    '--offline=true',
    '--no-pager',
    path,
  ]);
  const [, level] = /exposure level for .*: ([\d.]+)/.exec(stdout)!;
  return { version: Number(/^systemd (\d+)/.exec(version)?.[1]), level: Number(level) };
}

describe.skipIf(!isThere).each(UNITS)(`%s${why}`, (name) => {
  test('is as exposed as the page says, as systemd 252 counts it', async () => {
    const [, page] = new RegExp(`\`${name}\` +\\| ([\\d.]+)`).exec(told)!;
    const { version, level } = await exposureOf(unitPath(name));
    if (version === 252) expect(level).toBe(Number(page));
    else expect(level).toBeLessThan(Number(page) + 1.5);
  });
});
