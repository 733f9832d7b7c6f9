import { describe, expect, test } from 'vitest';
import { assessMachine } from '../assess-machine.js';
import type { CheckLevel, MachineFinding, MachineNeeds } from '../finding.js';
import type { Machine } from '../machine-check.js';
import { machineChecks, type MachineCheckName } from '../machine-checks.js';
import { podmanNeeds, soundMachine } from '../sound-machine.fixture.js';

const GIB = 1024 ** 3;
const WSL = { 'os.wsl': 'wsl2', 'wsl.version': '2.5.7.0' } as const;
const NO_SUDO = { 'sudo.use': 'asks' } as const;

type Row = readonly [
  check: MachineCheckName,
  level: CheckLevel | 'absent',
  change: Partial<Machine>,
  needs?: Partial<MachineNeeds>,
];

const rows: readonly Row[] = [
  ['architecture', 'ok', {}],
  ['architecture', 'error', { 'machine.architecture': 'aarch64' }],
  ['architecture', 'error', { 'machine.architecture': 'aarch64' }, { engine: null }],
  ['architecture', 'unknown', { 'machine.architecture': null }],
  ['system', 'ok', { 'os.version': '22.04' }],
  ['system', 'warning', { 'os.version': '20.04' }],
  ['system', 'warning', { 'os.id': 'debian', 'os.version': '12' }],
  ['system', 'warning', { 'os.id': 'arch', 'os.version': null, 'os.name': null }],
  ['system', 'unknown', { 'os.version': null }],
  ['system', 'unknown', { 'os.id': null }],
  ['virtualisation', 'ok', { 'machine.virtualisation': 'kvm' }],
  ['virtualisation', 'warning', { 'machine.virtualisation': 'virtualbox' }],
  ['virtualisation', 'unknown', { 'machine.virtualisation': null }],
  ['container', 'ok', {}],
  ['container', 'warning', { 'container.inside': true }],
  ['container', 'unknown', { 'container.inside': null }],
  ['nix-shell', 'ok', {}],
  ['nix-shell', 'warning', { 'shell.nix': true }],

  // What is sold as 16 GB has a little less for programs.
  ['memory', 'ok', { 'memory.ram': 15.4 * GIB, 'memory.swap': 0 }],
  ['memory', 'warning', { 'memory.ram': 7.6 * GIB, 'memory.swap': 8 * GIB }],
  ['memory', 'warning', { 'memory.ram': 7.6 * GIB, 'memory.swap': 2 * GIB }],
  ['memory', 'warning', { 'memory.ram': 2 * GIB, 'memory.swap': null }],
  ['memory', 'unknown', { 'memory.ram': null }],
  ['memory', 'absent', WSL],
  ['wsl-memory', 'absent', {}],
  ['wsl-memory', 'ok', WSL],
  ['wsl-memory', 'warning', { ...WSL, 'memory.ram': 8 * GIB }],
  ['wsl-memory', 'unknown', { ...WSL, 'memory.ram': null }],
  ['wsl-swap', 'ok', WSL],
  ['wsl-swap', 'warning', { ...WSL, 'memory.swap': 2 * GIB }],
  ['wsl-swap', 'unknown', { ...WSL, 'memory.swap': null }],
  ['wsl-swap', 'absent', { 'memory.swap': 0 }],
  ['processors', 'ok', { 'cpu.count': 2 }],
  ['processors', 'warning', { 'cpu.count': 1 }],
  ['processors', 'unknown', { 'cpu.count': null }],
  ['jobs', 'ok', { 'cpu.count': 8, 'memory.ram': 16e9 }],
  ['jobs', 'warning', { 'cpu.count': 9, 'memory.ram': 16e9 }],
  ['jobs', 'unknown', { 'memory.ram': null }],

  ['build-disk', 'ok', { 'disk.build.free': 100e9 }],
  ['build-disk', 'warning', { 'disk.build.free': 100e9 - 1 }],
  ['build-disk', 'warning', { 'disk.build.free': 40 * GIB }],
  ['build-disk', 'error', { 'disk.build.free': 40 * GIB - 1 }],
  ['build-disk', 'warning', { 'disk.build.free': 40 * GIB - 1 }, { minimumDiskBytes: 20 * GIB }],
  ['build-disk', 'warning', { 'disk.build.free': 0 }, { minimumDiskBytes: 0 }],
  ['build-disk', 'ok', {}, { minimumDiskBytes: 200 * GIB }],
  ['build-disk', 'unknown', { 'disk.build.free': null }],
  ['cache-disk', 'ok', { 'disk.build.free': 0 }],
  ['cache-disk', 'warning', { 'disk.cache.free': 99e9 }],
  ['cache-disk', 'error', { 'disk.cache.free': 1e9 }],
  ['cache-disk', 'unknown', { 'disk.cache.free': null }],
  ['home-disk', 'ok', {}],
  ['home-disk', 'warning', { 'disk.home.free': 1e9 }],
  ['home-disk', 'absent', { 'disk.home.size': 500 * GIB, 'disk.home.free': 1e9 }],
  ['home-disk', 'unknown', { 'disk.home.free': null }],
  ...(['build', 'cache', 'temp', 'home'] as const).flatMap((name): Row[] => [
    [`${name}-folder`, 'ok', {}],
    [`${name}-folder`, 'error', { [`folder.${name}`]: 'not-writable' }],
    [`${name}-folder`, 'error', { [`folder.${name}`]: 'cannot-be-made' }],
    [`${name}-folder`, 'error', { [`folder.${name}`]: 'not-a-folder' }],
    [`${name}-folder`, 'unknown', { [`folder.${name}`]: null }],
  ]),

  ['temp-block-size', 'ok', {}, { tempBlockSizeBytes: 4096 }],
  ['temp-block-size', 'error', { 'temp.block-size': 1024 }, { tempBlockSizeBytes: 4096 }],
  ['temp-block-size', 'error', { 'temp.block-size': 131_072 }, { tempBlockSizeBytes: 4096 }],
  ['temp-block-size', 'warning', { 'temp.block-size': 1024 }],
  ['temp-block-size', 'ok', { 'temp.block-size': 1024 }, { tempBlockSizeBytes: 1024 }],
  ['temp-block-size', 'unknown', { 'temp.block-size': null }, { tempBlockSizeBytes: 4096 }],
  ['temp-tmpfs', 'ok', {}],
  ['temp-tmpfs', 'ok', { 'temp.tmpfs': true }],
  ['temp-tmpfs', 'warning', { 'temp.tmpfs': true, 'memory.ram': 16e9 }],
  ['temp-tmpfs', 'unknown', { 'temp.tmpfs': true, 'memory.ram': null }],
  ['temp-tmpfs', 'unknown', { 'temp.tmpfs': null }],
  ['temp-size', 'ok', { 'temp.size': 10 * GIB }],
  ['temp-size', 'warning', { 'temp.size': 10 * GIB - 1 }],
  ['temp-size', 'unknown', { 'temp.size': null }],
  ['temp-free', 'ok', { 'temp.free': 10 * GIB }],
  ['temp-free', 'warning', { 'temp.free': 0 }],
  ['temp-free', 'unknown', { 'temp.free': null }],

  ['engine', 'ok', {}],
  ['engine', 'error', { 'engine.podman': 'none' }],
  ['engine', 'unknown', { 'engine.podman': null }],
  ['engine', 'error', {}, { engine: 'docker' }],
  ['engine', 'ok', { 'engine.podman': 'none', 'engine.docker': '24.0.5' }, { engine: 'docker' }],
  ['engine', 'ok', { 'engine.podman': 'none' }, { engine: null }],
  ['engine-version', 'ok', { 'engine.podman': '3.4.4' }],
  ['engine-version', 'warning', { 'engine.podman': '3.0.1' }],
  ['engine-version', 'unknown', { 'engine.podman': null }],
  ['engine-version', 'absent', { 'engine.podman': 'none' }],
  ['engine-version', 'absent', {}, { engine: 'docker' }],
  ['engine-hostuser', 'ok', { 'engine.podman': '5.2.0-dev' }],
  ['engine-hostuser', 'warning', { 'engine.podman': '3.4.4' }],
  ['engine-hostuser', 'unknown', { 'engine.podman': null }],
  ['sudo', 'ok', {}],
  ['sudo', 'warning', NO_SUDO],
  ['sudo', 'error', { 'sudo.use': 'none' }],
  ['sudo', 'unknown', { 'sudo.use': null }],
  ['sudo', 'absent', { 'sudo.use': 'none' }, { engine: 'docker' }],

  ['cgroup-version', 'ok', {}],
  ['cgroup-version', 'warning', { 'cgroup.version': 1 }],
  ['cgroup-version', 'warning', { ...WSL, 'cgroup.version': 1 }],
  ['cgroup-version', 'unknown', { 'cgroup.version': null }],
  ['cgroup-version', 'absent', { 'cgroup.version': 1 }, { engine: null }],
  ['cgroup-pids', 'ok', {}],
  ['cgroup-pids', 'warning', { 'cgroup.pids': false }],
  ['cgroup-pids', 'ok', { 'cgroup.pids': false, 'cgroup.manager': 'cgroupfs' }],
  ['cgroup-pids', 'ok', WSL],
  ['cgroup-pids', 'warning', { ...WSL, 'wsl.version': '2.9.8.0' }],
  ['cgroup-pids', 'warning', { ...WSL, 'wsl.version': null, 'cgroup.moved': true }],
  ['cgroup-pids', 'ok', { ...WSL, 'wsl.version': '2.10.0', 'cgroup.manager': 'cgroupfs' }],
  ['cgroup-pids', 'warning', { 'cgroup.pids': false, 'cgroup.user-manager': 'cgroupfs' }],
  [
    'cgroup-pids',
    'ok',
    { 'cgroup.pids': false, 'cgroup.user-manager': 'cgroupfs', 'sudo.use': 'none' },
  ],
  ['cgroup-pids', 'unknown', { 'cgroup.pids': null }],

  ['subordinate-ids', 'absent', { 'rootless.user-ids': 0 }],
  ['subordinate-ids', 'absent', { ...NO_SUDO, 'user.uid': 0, 'rootless.user-ids': 0 }],
  ['subordinate-ids', 'ok', NO_SUDO],
  ['subordinate-ids', 'warning', { ...NO_SUDO, 'rootless.group-ids': 0 }],
  ['subordinate-ids', 'warning', { ...NO_SUDO, 'rootless.user-ids': 1, 'user.name': null }],
  ['subordinate-ids', 'unknown', { ...NO_SUDO, 'rootless.user-ids': null }],
  ['newuidmap', 'ok', NO_SUDO],
  ['newuidmap', 'warning', { ...NO_SUDO, 'tool.newuidmap': false }],
  ['newuidmap', 'unknown', { ...NO_SUDO, 'tool.newuidmap': null }],
  ['user-namespaces', 'ok', NO_SUDO],
  [
    'user-namespaces',
    'warning',
    { ...NO_SUDO, 'rootless.namespaces': 'kernel.apparmor_restrict_unprivileged_userns=1' },
  ],
  ['user-namespaces', 'warning', { ...NO_SUDO, 'rootless.namespaces': 'another.setting=1' }],
  ['user-namespaces', 'unknown', { ...NO_SUDO, 'rootless.namespaces': null }],

  ['wsl', 'ok', {}],
  ['wsl', 'ok', WSL],
  ['wsl', 'ok', { 'os.wsl': 'wsl2', 'wsl.version': null }],
  ['wsl', 'warning', { 'os.wsl': 'wsl1' }],
  ['wsl', 'unknown', { 'os.wsl': null }],
  ['wsl-systemd', 'ok', WSL],
  ['wsl-systemd', 'warning', { ...WSL, 'init.systemd': false }],
  ['wsl-systemd', 'unknown', { ...WSL, 'init.systemd': null }],
  ['wsl-disk', 'ok', WSL],
  ['wsl-disk', 'warning', { ...WSL, 'disk.build.filesystem': '9p' }],
  ['wsl-disk', 'warning', { ...WSL, 'temp.filesystem': 'drvfs' }],
  ['wsl-disk', 'unknown', { ...WSL, 'disk.home.filesystem': null }],
  ['wsl-disk', 'absent', { 'disk.build.filesystem': '9p' }],
  ['wsl-systemd', 'absent', { 'init.systemd': false }],

  ['git', 'ok', {}],
  ['git', 'error', { 'git.version': 'none' }],
  ['git', 'error', { 'git.version': 'none' }, { engine: null }],
  ['git', 'unknown', { 'git.version': null }],
  ['git-version', 'ok', { 'git.version': '2.30.2' }],
  ['git-version', 'warning', { 'git.version': '2.25.1' }],
  ['git-version', 'unknown', { 'git.version': null }],
  ['git-version', 'absent', { 'git.version': 'none' }],
  ['flock', 'ok', {}],
  ['flock', 'error', { 'tool.flock': false }],
  ['flock', 'unknown', { 'tool.flock': null }],
  ['bash', 'ok', {}],
  ['bash', 'error', { 'tool.bash': false }],
  ['bash', 'absent', { 'tool.bash': false }, { engine: null }],
  ['bash', 'unknown', { 'tool.bash': null }],

  ['uid', 'ok', {}],
  ['uid', 'warning', { 'user.uid': 1001 }],
  ['uid', 'warning', { 'user.uid': 0 }],
  ['uid', 'unknown', { 'user.uid': null }],
  ['umask', 'ok', {}],
  ['umask', 'warning', { 'user.umask': '0077' }],
  ['umask', 'unknown', { 'user.umask': null }],
  ['locale', 'ok', { 'locale.collation': 'C', 'locale.characters': 'en_US.UTF-8' }],
  ['locale', 'warning', { 'locale.collation': 'de_DE.UTF-8' }],
  ['locale', 'unknown', { 'locale.characters': null }],
  ['run-conf', 'ok', {}],
  ['run-conf', 'warning', { 'container.run-conf': true }],
  ['run-conf', 'unknown', { 'container.run-conf': null }],
  ['build-user', 'ok', {}],
  ['build-user', 'warning', { 'isolation.user': 'missing' }],
  ['build-user', 'warning', { 'isolation.user': 'can-log-in' }],
  ['build-user', 'warning', { 'isolation.user': 'root' }],
  ['build-user', 'warning', { 'isolation.user': 'no-rights' }],
  ['build-user', 'absent', { 'isolation.user': null }],
  ['build-root', 'ok', {}],
  ['build-root', 'warning', { 'isolation.root': 'sudo' }],
  ['build-root', 'warning', { 'isolation.root': 'socket' }],
  ['build-root', 'unknown', { 'isolation.root': null }],
  ['build-root', 'absent', { 'isolation.user': 'missing' }],
  ['metadata', 'ok', {}],
  ['metadata', 'warning', { 'isolation.metadata': 'open' }],
  ['metadata', 'unknown', { 'isolation.metadata': null }],
  ['metadata', 'absent', { 'isolation.user': 'missing' }],

  ['clock', 'ok', { 'clock.skew': -60_000 }],
  ['clock', 'warning', { 'clock.skew': 60_001 }],
  ['clock', 'warning', { 'clock.skew': -86_400_000 }],
  ['clock', 'unknown', { 'clock.skew': null }],
];

function find(check: string, change: Partial<Machine>, needs: Partial<MachineNeeds> = {}) {
  const machine = { ...soundMachine, ...change };
  return assessMachine(machine, { ...podmanNeeds, ...needs }).find((row) => row.check === check);
}

describe('a check', () => {
  test.for(rows)('%s is %s with %j, needs %j', ([check, level, change, needs]) => {
    expect(find(check, change, needs)?.level ?? 'absent').toBe(level);
  });

  test.for(machineChecks.map(({ name }) => name))('%s is tried both ways', (name) => {
    const levels = new Set(rows.filter(([check]) => check === name).map(([, level]) => level));
    expect(levels).toContain('ok');
    expect(levels.has('warning') || levels.has('error')).toBe(true);
  });

  test.for(machineChecks.filter(({ hard }) => hard !== null).map(({ name }) => name))(
    '%s is hard, and that is tried',
    (name) => {
      expect(rows.filter(([check, level]) => check === name && level === 'error')).not.toEqual([]);
    },
  );
});

describe('what is said', () => {
  const said = (check: string, change: Partial<Machine>, needs: Partial<MachineNeeds> = {}) =>
    find(check, change, needs) as MachineFinding;

  test('is louder the less memory there is', () => {
    const swap = { 'memory.swap': 8 * GIB };
    expect(said('memory', { ...swap, 'memory.ram': 8.2e9 }).found).toBe(
      '8.2 GB of memory, 8.5 GB of swap',
    );
    expect(said('memory', { 'memory.ram': 8.2e9, 'memory.swap': 0 }).found).toBe(
      '8.2 GB of memory, 0 GB of swap, which is too little of both',
    );
    expect(said('memory', { ...swap, 'memory.ram': 4e9 }).found).toBe(
      'only 4 GB of memory, 8.5 GB of swap: expect it not to end well',
    );
  });

  test('of a disk tells what the release needs', () => {
    expect(said('build-disk', { 'disk.build.free': 1e9 })).toMatchObject({
      found: '1 GB free of 536.8 GB',
      expected: 'at least 42.9 GB free for this release',
    });
  });

  test('of WSL has the lines for the Windows side, with processors for that memory', () => {
    const { fix } = said('wsl-memory', { ...WSL, 'memory.ram': 8e9, 'cpu.count': 16 });
    expect(fix).toHaveLength(1);
    expect(fix[0]).toMatchObject({ command: null });
    expect(fix[0]).not.toHaveProperty('file');
    expect(fix[0]?.text).toMatch(/\[wsl2\]\nmemory=16GB\nswap=16GB\nprocessors=8$/);
  });

  test('of podman on WSL 2.9 has a file for root and one for the user', () => {
    const { fix } = said('cgroup-pids', { ...WSL, 'wsl.version': '2.9.11.0' });
    expect(fix.map(({ needsRoot, file }) => [needsRoot, file?.path])).toEqual([
      [true, '/etc/containers/containers.conf.d/cgroupfs.conf'],
      [false, '/home/somebody/.config/containers/containers.conf'],
    ]);
    expect(fix[1]?.file?.content).toBe('[engine]\ncgroup_manager = "cgroupfs"\n');
  });

  test('to install is a command where the package manager is known, else a sentence', () => {
    const commands = (id: string) =>
      said('engine', { 'engine.podman': 'none', 'os.id': id }).fix.map(({ command }) => command);
    expect(commands('debian')).toEqual([
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', 'podman'],
    ]);
    expect(commands('fedora')).toEqual([null]);
  });

  test('of a small machine names the number of jobs', () => {
    expect(said('jobs', { 'cpu.count': 16, 'memory.ram': 8.2e9 }).fix[0]?.text).toContain(
      '--jobs 4',
    );
  });

  test('of the clock tells which way it is off', () => {
    expect(said('clock', { 'clock.skew': -90_000 }).found).toBe('90 s behind');
    expect(said('clock', { 'clock.skew': 90_000 }).found).toBe('90 s ahead');
    expect(said('clock', { 'clock.skew': 100 }).found).toBe('right');
  });
});
