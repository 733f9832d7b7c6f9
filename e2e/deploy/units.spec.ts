import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../world/project-root.js';
import { environmentErrors, readEnvironment } from './service-config.js';
import { readUnit, UNITS, type UnitName } from './unit-file.js';

const SERVICES = {
  'repro-quorum-agent': 'builder-agent',
  'repro-quorum-coordinator': 'coordinator',
} as const;

const text = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');

/** The command of a unit: variables that it sets, and the program. */
function startOf(name: UnitName): { set: Record<string, string>; program: string } {
  const [start = ''] = readUnit(name).get('ExecStart') ?? [];
  const [, variables = '', program = ''] = /^\/usr\/bin\/env ((?:[A-Z_]+=\S+ )*)node (\S+)$/.exec(
    start,
  )!;
  return { set: readEnvironment(variables.trim().replaceAll(' ', '\n')), program };
}

describe.each(UNITS)('%s', (name) => {
  const unit = readUnit(name);
  const { set, program } = startOf(name);

  test('starts a program that is installed', () => {
    const [, path = ''] = /^\/usr\/lib\/repro-quorum\/dist\/(.*)\.js$/.exec(program)!;
    expect(existsSync(join(projectRoot(), `${path}.ts`))).toBe(true);
  });

  test('gives the service variables that it knows, and with the installed settings all that it needs', () => {
    const service = SERVICES[name];
    const installed = readEnvironment(text(`deploy/env/${service}.env.example`));
    expect(unit.get('EnvironmentFile')?.at(-1)).toMatch(`/etc/repro-quorum/${service}.env`);
    expect(environmentErrors(service, { ...installed, ...set })).toEqual([]);
  });

  test('hands keys over in memory, each one that it names', () => {
    const handed = (unit.get('LoadCredential') ?? []).map((line) => line.split(':')[0]);
    const named = Object.values(set)
      .filter((value) => value.startsWith('%d/'))
      .map((value) => value.slice(3));
    expect(named.toSorted()).toEqual(handed.toSorted());
    expect(named.length).toBeGreaterThan(0);
  });

  test('has limits, a read-only system, no homes and no way to a cloud’s metadata', () => {
    expect(unit.get('ProtectSystem')).toEqual(['strict']);
    expect(unit.get('ProtectHome')).toEqual(['yes']);
    for (const limit of ['MemoryMax', 'TasksMax']) expect(unit.get(limit)).toHaveLength(1);
    expect(unit.get('IPAddressDeny')?.join(' ')).toContain('169.254.0.0/16');
    expect(unit.get('CapabilityBoundingSet')).toHaveLength(1);
  });
});

test('the coordinator has no capability and gains no privilege', () => {
  const unit = readUnit('repro-quorum-coordinator');
  expect(unit.get('User')).toEqual(['repro-quorum']);
  expect(unit.get('CapabilityBoundingSet')).toEqual(['']);
  expect(unit.get('NoNewPrivileges')).toEqual(['yes']);
});

test('builds run as the user that is made for them', () => {
  const example = text('deploy/env/builder-agent.env.example');
  const [, user = ''] = /^#BUILD_USER=(.*)$/m.exec(example)!;
  expect(text('deploy/systemd/repro-quorum.sysusers.conf')).toContain(`\nu ${user} -`);
  expect(readUnit('repro-quorum-agent').get('User')).toEqual(['root']);
  expect(text('deploy/deb/postinst')).toContain(`add_user ${user} /`);
});
