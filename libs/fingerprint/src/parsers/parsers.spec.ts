import { describe, expect, test } from 'vitest';
import { parseCpuinfo } from './cpuinfo.js';
import { localeOf } from './locale.js';
import { parseMeminfo } from './meminfo.js';
import { mountOf, parseMountinfo } from './mountinfo.js';
import { parseOsRelease } from './os-release.js';
import { timeZoneOf } from './time-zone.js';
import { versionOf } from './version.js';

describe('/proc/cpuinfo', () => {
  const cpu = (flags: string): string =>
    `processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz\nflags\t\t: ${flags}\n\nprocessor\t: 1\nmodel name\t: another\nflags\t\t: fpu\n`;

  test('a guest says that there is a hypervisor, bare metal does not', () => {
    const model = 'Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz';
    expect(parseCpuinfo(cpu('fpu vme hypervisor lahf_lm'))).toEqual({ model, hypervisor: true });
    expect(parseCpuinfo(cpu('fpu vme hypervisorish'))).toEqual({ model, hypervisor: false });
  });

  test('ARM has no such flag, so nothing is claimed', () => {
    const text =
      'processor\t: 0\nFeatures\t: fp asimd\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n';
    expect(parseCpuinfo(text)).toEqual({
      model: 'Raspberry Pi 4 Model B Rev 1.4',
      hypervisor: null,
    });
    expect(parseCpuinfo('')).toEqual({ model: null, hypervisor: null });
  });
});

describe('/proc/meminfo', () => {
  test('kibibytes become bytes', () => {
    const text = 'MemTotal:       16265132 kB\nMemFree:  1 kB\nSwapTotal:       4194304 kB\n';
    expect(parseMeminfo(text)).toEqual({ ramBytes: 16_655_495_168, swapBytes: 4_294_967_296 });
  });

  test('a machine without swap has 0 of it, a text without the line tells nothing', () => {
    expect(parseMeminfo('SwapTotal:             0 kB\n')).toEqual({ ramBytes: null, swapBytes: 0 });
    expect(parseMeminfo('MemTotal: lots\n')).toEqual({ ramBytes: null, swapBytes: null });
  });
});

describe('os-release', () => {
  test.each([
    [
      'Ubuntu',
      'PRETTY_NAME="Ubuntu 22.04.4 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION="22.04.4 LTS"\nID=ubuntu\nID_LIKE=debian\n',
      { id: 'ubuntu', version: '22.04', name: 'Ubuntu 22.04.4 LTS' },
    ],
    [
      'Arch, which has no version',
      "NAME='Arch Linux'\nPRETTY_NAME='Arch Linux'\nID=arch\nBUILD_ID=rolling\n",
      { id: 'arch', version: null, name: 'Arch Linux' },
    ],
    ['escapes', '# ID=no\nID="a\\"b\\$c"\n', { id: 'a"b$c', version: null, name: null }],
    ['nothing', '', { id: null, version: null, name: null }],
  ])('of %s is read', (_what, text, expected) => {
    expect(parseOsRelease(text)).toEqual(expected);
  });
});

describe('/proc/self/mountinfo', () => {
  const mounts = parseMountinfo(
    [
      '22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw',
      '25 22 0:23 / /tmp rw,nosuid,nodev shared:5 master:2 - tmpfs tmpfs rw',
      '30 22 0:40 / /mnt/with\\040space rw - xfs /dev/sdb rw',
      '31 22 0:41 / /tmp rw - btrfs /dev/sdc rw',
      '80 22 0:60 / /mnt/c rw,noatime - 9p C:\\134 rw,dirsync,aname=drvfs',
      'not a line at all',
      '',
    ].join('\n'),
  );

  test.each([
    ['/', 'ext4'],
    ['/home/u/build', 'ext4'],
    ['/tmpfiles', 'ext4'],
    ['/tmp', 'btrfs'],
    ['/tmp/x', 'btrfs'],
    ['/mnt/with space/x', 'xfs'],
    ['/mnt/c/Users', '9p'],
  ])('%s is on %s', (path, filesystem) => {
    expect(mountOf(mounts, path)?.filesystem).toBe(filesystem);
  });

  test('without mounts nothing is claimed', () => {
    expect(mountOf([], '/')).toBeUndefined();
  });
});

describe('the locale in force', () => {
  test.each([
    [{}, 'C', 'C'],
    [{ LANG: 'de_DE.UTF-8' }, 'de_DE.UTF-8', 'de_DE.UTF-8'],
    [{ LANG: 'de_DE.UTF-8', LC_COLLATE: 'C' }, 'C', 'de_DE.UTF-8'],
    [{ LANG: 'de_DE.UTF-8', LC_COLLATE: 'C', LC_ALL: 'tr_TR' }, 'tr_TR', 'tr_TR'],
    [{ LANG: 'en_US.UTF-8', LC_ALL: '' }, 'en_US.UTF-8', 'en_US.UTF-8'],
  ])('of %j sorts by %s and reads by %s', (environment, collation, characters) => {
    expect(localeOf(environment)).toMatchObject({ collation, characters });
  });
});

describe('the time zone', () => {
  const nothing = { tz: null, link: null, file: null };
  test.each([
    [nothing, 'UTC'],
    [{ ...nothing, link: '/usr/share/zoneinfo/Europe/Zurich' }, 'Europe/Zurich'],
    [{ ...nothing, link: '../usr/share/zoneinfo/Etc/UTC', file: 'Asia/Tokyo\n' }, 'Etc/UTC'],
    [{ ...nothing, link: 'elsewhere', file: 'Asia/Tokyo\n' }, 'Asia/Tokyo'],
    [{ ...nothing, tz: '', file: '\n' }, 'UTC'],
    [{ ...nothing, tz: ':/usr/share/zoneinfo/Asia/Tokyo', file: 'Etc/UTC' }, 'Asia/Tokyo'],
    [{ ...nothing, tz: 'CET-1CEST', link: '/usr/share/zoneinfo/Etc/UTC' }, 'CET-1CEST'],
  ])('of %j is %s', (hints, zone) => {
    expect(timeZoneOf(hints)).toBe(zone);
  });
});

describe('a version', () => {
  test.each([
    ['podman version 4.9.4-rhel', '4.9.4-rhel'],
    ['podman version 3.4.4\n', '3.4.4'],
    ['Docker version 24.0.5, build ced0996', '24.0.5'],
    ['git version 2.39.5', '2.39.5'],
    ['git version 2.39.3 (Apple Git-146)', '2.39.3'],
    ['no number', null],
    ['', null],
  ])('of %j is %s', (output, version) => {
    expect(versionOf(output)).toBe(version);
  });
});
