import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { agentEnv } from '../../services/cli/src/builder/registry/agent-env.js';
import { read } from '../docs/pages.js';
import { readEnvironment } from './service-config.js';
import { readUnit } from './unit-file.js';

const FOLDERS = ['STATE_DIR', 'CACHE_DIR', 'BUILD_DIR', 'BUILD_HOME'];
const DIR = '/etc/repro-quorum/builder';

const [start = ''] = readUnit('repro-quorum-agent').get('ExecStart') ?? [];
const given = readEnvironment(start.replaceAll(' ', '\n'));
const ofUnit = Object.fromEntries(FOLDERS.map((name) => [name, given[name]]));

describe.each(['docs/deploy.md', 'deploy/cloud-init/builder.yaml'])('%s', (file) => {
  test('gives a new builder’s configuration the folders of the unit, once and again', async () => {
    const [, script = ''] = /sed -Ei '([^']+)'/.exec(read(file)) ?? [];
    const input = agentEnv({ dir: DIR, coordinator: null, passphraseFile: null, caFile: null });
    const once = await execa('sed', ['-E', script], { input, stripFinalNewline: false });
    expect(readEnvironment(once.stdout)).toEqual({ ...readEnvironment(input), ...ofUnit });
    const again = await execa('sed', ['-E', script], {
      input: once.stdout,
      stripFinalNewline: false,
    });
    expect(again.stdout).toBe(once.stdout);
  });
});

test('the page on restoring names the state folder of the unit', () => {
  expect(read('docs/restore.md')).toContain(`--state-dir ${given['STATE_DIR']} `);
});
