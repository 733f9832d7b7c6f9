import { describe, expect, test } from 'vitest';
import type { BuildUser } from './build-user.js';
import { confine } from './confine.js';
import { isolationKind } from './confinement.js';
import { parseGroupPlaces } from './hierarchies.js';
import { parseSubordinateIds, parseUserEntry } from './user-entry.js';

const user: BuildUser = { name: 'builder', uid: 998, gid: 997, subordinateIds: [] };
const hard = { processes: 500, openFiles: Infinity };

describe('how a build is kept apart', () => {
  test.each([
    ['none', null, null, false],
    ['none', null, 'sudo', true],
    ['user', user, null, false],
    ['user-with-root', user, 'sudo', false],
    // Without new privileges sudo is a program like any other.
    ['user', user, 'sudo', true],
    ['user-with-root', user, 'engine socket', true],
  ] as const)('is told as %s', (kind, who, rootWay, noNewPrivileges) => {
    expect(isolationKind({ user: who, rootWay }, noNewPrivileges)).toBe(kind);
  });

  test('is none where nobody said', () => {
    expect(isolationKind(undefined, true)).toBe('none');
  });
});

describe('a build’s command', () => {
  const confines = { noNewPrivileges: true, limits: { processes: 900 }, group: null, hard };

  test('stays as it is without a user of its own', () => {
    expect(confine(['./build.sh', '-i'], { ...confines, user: null })).toEqual([
      './build.sh',
      '-i',
    ]);
  });

  test('is behind its limits and its user, and never has more than its agent', () => {
    const command = confine(['./build.sh', '-i'], { ...confines, user });
    expect(command.slice(command.indexOf('prlimit'))).toEqual([
      ...['prlimit', '--core=0:0', '--nproc=500:500', '--'],
      ...['setpriv', '--reuid=998', '--regid=997', '--clear-groups', '--inh-caps=-all'],
      ...['--no-new-privs', '--', './build.sh', '-i'],
    ]);
  });

  test('keeps its user’s groups, and what sudo gives, where it calls an engine', () => {
    const command = confine(['x'], { ...confines, user, noNewPrivileges: false });
    expect(command).toContain('--init-groups');
    expect(command).not.toContain('--no-new-privs');
  });
});

describe('a line of the system’s users', () => {
  test('has seven fields', () => {
    expect(parseUserEntry('b:x:998:997:builds:/nowhere:/usr/sbin/nologin')).toEqual({
      ...{ name: 'b', uid: 998, gid: 997, shell: '/usr/sbin/nologin' },
    });
    for (const line of ['', 'b:x:998:997::/nowhere', 'b:x:-1:997:::', ':x:1:1:::', 'b:x:1:y:::']) {
      expect(parseUserEntry(line)).toBeNull();
    }
  });

  test('has subordinate ids by name or number, and none that are somebody’s', () => {
    const text = 'b:100000:65536\n998:300000:10\nc:400000:5\nb:0:65536\nb:1000:1\nb:x:1\n';
    expect(parseSubordinateIds(text, 'b', 998)).toEqual([
      { first: 100_000, count: 65_536 },
      { first: 300_000, count: 10 },
    ]);
    expect(parseSubordinateIds(text, null, 7)).toEqual([]);
  });
});

describe('control groups of a process', () => {
  test('are read for both versions', () => {
    const { v1, v2 } = parseGroupPlaces('9:name=systemd:/\n8:pids:/a\n4:cpu,memory:/b/c\n0::/d\n');
    expect([v1.get('pids'), v1.get('memory'), v2]).toEqual(['/a', '/b/c', '/d']);
  });

  test('outside of its namespace are none', () => {
    expect(parseGroupPlaces('0::/../../other\n8:pids:/..\n')).toEqual({ v1: new Map(), v2: null });
  });
});
