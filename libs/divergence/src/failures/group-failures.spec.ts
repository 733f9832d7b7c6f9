import { describe, expect, test } from 'vitest';
import { groupFailures, type ToldFailure } from './group-failures.js';
import { KNOWN_FAILURES } from './patterns.js';

function failed(builder: string, kind: string, message: string, logTail?: string): ToldFailure {
  return {
    ...{ operator: builder.slice(0, 3), builder, stage: 'build', class: kind, message },
    ...(logTail !== undefined && { logTail }),
  };
}

/** A class, and what a build that failed so said, for each row. */
const SAID: Readonly<Record<string, readonly [kind: string, line: string]>> = {
  'temp-tar-permission': [
    'permission',
    "PermissionError: [Errno 1] Operation not permitted: '/tmp/tmpa1b2c3.tar'",
  ],
  'block-size-refused': ['build-error', 'RuntimeError: /tmp/x has block size 1024 (expected 4096)'],
  'tmpfs-full': [
    'out-of-space',
    "cp: error writing '/var/sysimage/root.img': No space left on device",
  ],
  'disk-full': ['out-of-space', 'write /home/x/.cache/bazel: No space left on device'],
  'podman-too-old': ['build-error', 'Error: unknown flag: --hostuser'],
  'no-idmapped-mounts': ['build-error', 'crun: mount_setattr /home: Invalid argument'],
  'download-in-the-way': ['build-error', "File 'update-img.tar.gz' already there; not retrieving."],
  'package-archive-moved': ['build-error', 'E: Failed to fetch http://archive/pool/main/x.deb 404'],
  'recovery-image-missing': ['output-missing', 'no output guestos/update-img-recovery'],
  'image-pull': ['image-pull', 'Error: initializing source docker://x: reading manifest'],
  'out-of-memory': ['out-of-memory', 'Killed'],
  network: ['network', 'Could not resolve host: github.com'],
  'source-unavailable': ['source-unavailable', 'the commit is not in the repository'],
  'dirty-tree': ['dirty-tree', 'Git working directory is not clean'],
  'missing-tool': ['missing-tool', 'podman: command not found'],
  'not-permitted': ['permission', 'mkdir: cannot create directory: Permission denied'],
  'no-progress': ['timeout', 'nothing was said for 3600 s'],
  'time-limit': ['time-limit', 'it was still running after 172800 s'],
  'too-many-processes': ['too-many-processes', 'it came to 16384 processes and threads'],
  'disk-limit': ['disk-limit', 'its folders took more than 107374182400 bytes'],
  'log-limit': ['log-limit', 'it printed more than 1073741824 bytes'],
};

describe.for(KNOWN_FAILURES.map((row) => [row.id, row] as const))('%s', ([id, row]) => {
  const [kind = '', line = ''] = SAID[id] ?? [];

  test('is told by what a build said', () => {
    expect(groupFailures([failed('ann', kind, line)])).toMatchObject([
      { pattern: id, line, explanation: row.explanation, remedy: row.remedy },
    ]);
  });

  test('is told by a line of its log, too', () => {
    if (row.line === null) return;
    const log = `compiling\n${line}\nmake: *** [all] Error 1\n`;
    expect(
      groupFailures([failed('ann', kind, 'the build script exited with 1', log)]),
    ).toMatchObject([{ pattern: id, line }]);
  });
});

describe('failures', () => {
  test('are grouped, those of more operators first', () => {
    const groups = groupFailures([
      failed('ann-1', 'network', 'Could not resolve host'),
      failed('bea-1', 'out-of-memory', 'Killed'),
      failed('ann-2', 'out-of-memory', 'oom-kill'),
      failed('bea-2', 'out-of-memory', 'Killed'),
    ]);
    expect(
      groups.map(({ pattern, operators, builders }) => [pattern, operators, builders]),
    ).toEqual([
      ['out-of-memory', ['ann', 'bea'], ['ann-2', 'bea-1', 'bea-2']],
      ['network', ['ann'], ['ann-1']],
    ]);
  });

  test('of one class for different reasons are different groups', () => {
    const groups = groupFailures([
      failed('ann', 'out-of-space', 'cp: /var/sysimage/x: No space left on device'),
      failed('bea', 'out-of-space', 'write /srv/x: No space left on device'),
    ]);
    expect(groups.map(({ pattern }) => pattern)).toEqual(['disk-full', 'tmpfs-full']);
  });

  test('are of a temp folder in memory only where the line or the builder says that it is', () => {
    const line = 'write /tmp/bazel/x: no space left on device';
    const told = (tmpfs?: boolean | null): string | undefined =>
      groupFailures([
        {
          ...failed('ann', 'out-of-space', line),
          ...(tmpfs !== undefined && { facts: { 'temp.tmpfs': tmpfs } }),
        },
      ])[0]?.pattern;
    expect([true, false, null, undefined].map(told)).toEqual([
      ...['tmpfs-full', 'disk-full', 'disk-full', 'disk-full'],
    ]);
    const [named] = groupFailures([
      failed('ann', 'out-of-space', 'cannot write to the tmpfs of /tmp/x: no space left on device'),
    ]);
    expect(named?.pattern).toBe('tmpfs-full');
  });

  test('of a kind that nobody knows have no explanation', () => {
    expect(groupFailures([failed('ann', 'build-error', 'error[E0308]: mismatched types')])).toEqual(
      [
        {
          ...{ pattern: 'build/build-error', stage: 'build', class: 'build-error' },
          ...{ operators: ['ann'], builders: ['ann'], line: 'error[E0308]: mismatched types' },
          ...{ explanation: null, remedy: null, source: null },
        },
      ],
    );
  });

  test('show nothing of a stranger that turns, controls or floods a page', () => {
    const evil = `\u202e\u001b[2J${'x'.repeat(1_000_000)}\n`.repeat(3);
    const [group] = groupFailures([failed('ann', 'z'.repeat(999), evil, evil)]);
    expect(group?.line).toMatch(/^\ufffd\ufffd\[2Jx+…$/);
    expect(group?.line.length).toBeLessThanOrEqual(300);
    expect(group?.class.length).toBeLessThanOrEqual(64);
  });

  test('none are no groups', () => {
    expect(groupFailures([])).toEqual([]);
  });
});
