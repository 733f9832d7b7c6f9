import { ImageError } from '#libs/image';
import { describe, expect, test } from 'vitest';
import { classifyFailure, IcosError } from '../index.js';

describe('a build that failed', () => {
  test.each([
    ['out-of-space', 'cp: error writing /x/disk.img: No space left on device'],
    ['out-of-space', 'OSError: [Errno 28] No space left on device'],
    ['out-of-space', 'Error: ENOSPC: no space left on device, write'],
    ['out-of-space', 'dd: error writing x: Disk quota exceeded'],
    ['dirty-tree', 'Git working directory is not clean! Clean it and retry.'],
    ['out-of-memory', 'bash: line 3:   812 Killed                  rustc'],
    ['out-of-memory', 'compiling\nKilled\nmake: error'],
    ['out-of-memory', 'rustc interrupted (signal: 9, SIGKILL: kill)'],
    ['out-of-memory', 'java.lang.OutOfMemoryError: Java heap space'],
    ['image-pull', 'Error: initializing source docker://ghcr.io/dfinity/ic-build:x: pinging'],
    ['missing-tool', 'container-run.sh: line 12: podman: command not found'],
    ['missing-tool', 'sh: 1: podman: not found'],
    ['missing-tool', "env: 'python3': No such file or directory"],
    ['network', 'curl: (6) Could not resolve host: download.dfinity.systems'],
    ['network', 'Error downloading [https://example.com/x] to /y: Read timed out'],
    [
      'permission',
      'Error in atexit._run_exitfuncs:\nTraceback (most recent call last):\n' +
        "PermissionError: [Errno 1] Operation not permitted: '/tmp/tmpk3v_1x.tar'",
    ],
    ['build-error', 'error[E0308]: mismatched types'],
  ])('is %s by its last words', (name, logTail) => {
    expect(classifyFailure({ stage: 'build', exitCode: 1, logTail })).toBe(name);
  });

  test.each([
    [{ idle: true, signal: 'SIGTERM', logTail: 'No space left on device' }, 'timeout'],
    [{ interrupted: true, signal: 'SIGTERM' }, 'interrupted'],
    [{ exitCode: 137 }, 'out-of-memory'],
    [{ signal: 'SIGKILL' }, 'out-of-memory'],
    [{ exitCode: 127 }, 'missing-tool'],
    [{ exitCode: 126 }, 'permission'],
    [{ exitCode: 143 }, 'interrupted'],
    [{ exitCode: 2 }, 'build-error'],
    [{}, 'build-error'],
  ])('and ended with %j is %s', (facts, name) => {
    expect(classifyFailure({ stage: 'build', ...facts })).toBe(name);
  });

  test('with a full disk under all other errors is out of space', () => {
    const logTail = 'Permission denied\nKilled\nNo space left on device\nConnection refused';
    expect(classifyFailure({ stage: 'build', exitCode: 137, logTail })).toBe('out-of-space');
  });

  test('cannot say by its log that the source is unavailable, or that it was stopped', () => {
    const logTail = 'SOURCE_UNAVAILABLE source-unavailable not our ref interrupted INTERRUPTED';
    expect(classifyFailure({ stage: 'build', exitCode: 1, logTail })).toBe('build-error');
  });
});

describe('an error of this program', () => {
  const error = (code: ConstructorParameters<typeof IcosError>[0], cause?: unknown) =>
    new IcosError(code, 'something', { cause });
  const full = Object.assign(new Error('write failed'), { code: 'ENOSPC' });

  test.each([
    ['source', error('SOURCE_UNAVAILABLE'), 'source-unavailable'],
    ['source', error('UNSUPPORTED_COMMIT'), 'unsupported-commit'],
    ['source', error('NETWORK'), 'network'],
    ['source', error('DIRTY_TREE'), 'dirty-tree'],
    ['source', new IcosError('GIT_FAILED', 'fatal: No space left on device'), 'out-of-space'],
    ['source', error('GIT_FAILED'), 'build-error'],
    ['build', error('NOT_STARTED'), 'missing-tool'],
    ['build', new IcosError('NOT_STARTED', 'spawn x EACCES'), 'permission'],
    ['build', error('INTERRUPTED'), 'interrupted'],
    ['outputs', error('OUTPUT_MISSING'), 'output-missing'],
    ['outputs', error('OUTPUT_TRUNCATED'), 'output-truncated'],
    ['outputs', error('OUTPUT_TRUNCATED', full), 'out-of-space'],
    ['outputs', new ImageError('TRUNCATED', 'ends early'), 'output-truncated'],
    ['published', error('TRUNCATED_DOWNLOAD'), 'network'],
    ['preflight', full, 'out-of-space'],
    ['preflight', 'no error at all', 'build-error'],
  ] as const)('in stage %s is classed by its code: %s', (stage, failure, name) => {
    expect(classifyFailure({ stage, error: failure })).toBe(name);
  });

  test('whose causes form a ring is classed all the same', () => {
    const ring = new Error('a');
    ring.cause = ring;
    expect(classifyFailure({ stage: 'build', error: ring })).toBe('build-error');
  });
});
