import { describe, expect, test } from 'vitest';
import { cgroupManagerOf } from './containers-conf.js';
import { parseControlGroups } from './control-groups.js';
import { countSubordinateIds } from './subordinate-ids.js';
import { isAtLeast } from './version.js';

describe('a version', () => {
  test.for([
    ['4.3.1', 3, 4, true],
    ['3.4.4+ds1-1ubuntu1', 3, 4, true],
    ['3.3.9', 3, 4, false],
    ['3.10.0', 3, 4, true],
    ['2.9.11.0', 2, 9, true],
    ['22.04', 22, 4, true],
    ['20.04', 22, 4, false],
    ['5', 4, 0, true],
    ['5', 5, 1, false],
    ['', 1, 0, null],
    ['unstable', 1, 0, null],
    [null, 1, 0, null],
  ] as const)('%s is at least %s.%s: %s', ([version, major, minor, expected]) => {
    expect(isAtLeast(version, major, minor)).toBe(expected);
  });
});

describe('subordinate ids', () => {
  const TEXT =
    'ann:100000:65536\n# ann:1:9\nben:165536:65536\n1001:300000:1000\nann:400000:5\nann:x:1\n';

  test('are those of the user, by name or by id, added up', () => {
    expect(countSubordinateIds(TEXT, 'ann', 1000)).toBe(65_541);
    expect(countSubordinateIds(TEXT, 'cem', 1001)).toBe(1_000);
    expect(countSubordinateIds(TEXT, null, null)).toBe(0);
    expect(countSubordinateIds('', 'ann', 1000)).toBe(0);
  });
});

describe('containers.conf', () => {
  const set = (manager: string) => `[engine]\ncgroup_manager = "${manager}"\n`;

  test.for([
    [[], 'default'],
    [[set('cgroupfs')], 'cgroupfs'],
    [[set('cgroupfs'), set('systemd')], 'systemd'],
    [['[engine]\n# cgroup_manager = "cgroupfs"\n'], 'default'],
    [['[containers]\ncgroup_manager = "cgroupfs"\n'], 'default'],
    [["[containers]\nx = 1\n[ engine ]\n cgroup_manager='cgroupfs' # here\n"], 'cgroupfs'],
    [[set('cgroupfs'), '[engine]\nruntime = "crun"\n'], 'cgroupfs'],
  ] as const)('%j: %s', ([texts, manager]) => {
    expect(cgroupManagerOf(texts)).toBe(manager);
  });
});

describe('/proc/self/cgroup', () => {
  test.for([
    ['0::/user.slice/user-1000.slice\n', 2, false, '/user.slice/user-1000.slice'],
    ['0::/wsl-user/distro-280/non-systemd\n', 2, false, '/wsl-user/distro-280/non-systemd'],
    ['9:name=systemd:/\n8:pids:/\n1:cpu,cpuacct:/\n0::/\n', 1, true, '/'],
    ['1:cpu:/\n', 1, false, null],
    ['nonsense\n', null, false, null],
    ['', null, false, null],
  ] as const)('%j is v%s', ([text, version, hasOldPids, path]) => {
    expect(parseControlGroups(text)).toEqual({ version, hasOldPids, path });
  });
});
