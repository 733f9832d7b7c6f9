import { describe, expect, test } from 'vitest';
import { EncodingError } from '#libs/encoding';
import { IcosError, type BuildEnd, type IcosErrorCode } from '#libs/icos';
import { buildFailure, failureAt } from './failure.js';
import { Interrupted, StageFailure } from './stage-failure.js';

const running = new AbortController().signal;
const stopping = AbortSignal.abort();

const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: it failed, open '/x'`), { code });

describe('what a stage throws', () => {
  test.each<[IcosErrorCode, string]>([
    ['SOURCE_UNAVAILABLE', 'source-unavailable'],
    ['UNSUPPORTED_COMMIT', 'unsupported-commit'],
    ['DIRTY_TREE', 'dirty-tree'],
    ['NETWORK', 'network'],
    ['NOT_STARTED', 'missing-tool'],
    ['GIT_FAILED', 'build-error'],
    ['OUTPUT_MISSING', 'output-missing'],
    ['OUTPUT_TRUNCATED', 'output-truncated'],
  ])('%s is signed as %s, in the stage where it happened', (code, failureClass) => {
    const cause = new IcosError(code, 'what was found');
    const failure = failureAt('source', cause, running);
    expect(failure).toBeInstanceOf(StageFailure);
    expect(failure).toMatchObject({
      ...{ stage: 'source', failureClass, message: 'what was found', cause },
    });
  });

  test.each([
    ['ENOSPC', 'out-of-space'],
    ['EDQUOT', 'out-of-space'],
    ['EACCES', 'permission'],
    ['ENOMEM', 'out-of-memory'],
  ])('%s of the system is signed as %s', (code, failureClass) => {
    expect(failureAt('outputs', systemError(code), running)).toMatchObject({
      ...{ stage: 'outputs', failureClass },
    });
  });

  test.each([
    ['a defect of our own', new TypeError('x is not a function')],
    ['another lib’s error', new EncodingError('NOT_HEX', 'not hex')],
    ['a system error that tells no class', systemError('EISDIR')],
    ['something that is no error', 'text'],
  ])('%s is passed on and never signed as the release’s', (_, error) => {
    expect(failureAt('build', error, running)).toBe(error);
  });

  test('a failure that was classed is passed on as it is', () => {
    const failure = new StageFailure('preflight', 'permission', 'not writable');
    expect(failureAt('source', failure, running)).toBe(failure);
  });

  test('while the agent is stopping nothing is a failure', () => {
    for (const error of [
      new IcosError('INTERRUPTED', 'interrupted'),
      new IcosError('OUTPUT_MISSING', 'no output'),
      new StageFailure('build', 'build-error', 'ended by SIGTERM'),
      new TypeError('defect'),
    ]) {
      const passed = failureAt('build', error, stopping);
      expect(passed).toBeInstanceOf(Interrupted);
      expect(passed).toMatchObject({ cause: error });
    }
  });
});

const ended: BuildEnd = {
  ...{ exitCode: 0, signal: null, durationMs: 1000, idle: false, interrupted: false },
  logTail: 'compiling\nlast words\n',
};

describe('the end of a build', () => {
  test('with exit code 0 is none', () => {
    expect(buildFailure(ended)).toBeNull();
  });

  test.each<[string, Partial<BuildEnd>, string, string]>([
    ['an exit code', { exitCode: 1 }, 'build-error', 'exited with 1: last words'],
    ['a program not found', { exitCode: 127 }, 'missing-tool', 'exited with 127: last words'],
    ['a program not executable', { exitCode: 126 }, 'permission', 'exited with 126: last words'],
    [
      'SIGKILL by nobody here',
      { exitCode: null, signal: 'SIGKILL' },
      'out-of-memory',
      'ended by SIGKILL: last words',
    ],
    ['no exit code and no signal', { exitCode: null }, 'build-error', 'ended by a signal'],
    [
      'no progress',
      { exitCode: null, signal: 'SIGTERM', idle: true },
      'timeout',
      'ended by SIGTERM: last words',
    ],
    ['no progress, politely', { exitCode: 0, idle: true }, 'timeout', 'exited with 0: last words'],
    [
      'a full disk in its log',
      { exitCode: 1, logTail: 'cp: write error: No space left on device\nmake: *** [all] Error 1' },
      'out-of-space',
      'exited with 1: make: *** [all] Error 1',
    ],
    ['nothing said', { exitCode: 3, logTail: '' }, 'build-error', 'exited with 3: '],
  ])('by %s', (_, end, failureClass, words) => {
    const failure = buildFailure({ ...ended, ...end });
    expect(failure).toMatchObject({ stage: 'build', failureClass });
    expect(failure?.message).toContain(`the build script ${words}`);
  });

  test('by the agent’s own stop is no failure, whatever the exit code', () => {
    for (const exitCode of [0, 1, 143, null]) {
      const end = { ...ended, exitCode, interrupted: true };
      expect(buildFailure(end)).toBeInstanceOf(Interrupted);
    }
  });

  test('no text of a build’s log makes a failure one on which a verdict stands', () => {
    const logTail = 'SOURCE_UNAVAILABLE source-unavailable: repository not found, 404\n';
    const failure = buildFailure({ ...ended, exitCode: 1, logTail });
    expect(failure).toMatchObject({ failureClass: 'build-error' });
  });

  test('a last line of any length and any script gives a message that can be signed', () => {
    for (let length = 290; length < 310; length += 1) {
      const logTail = `${'x'.repeat(length)}😀😀😀\n`;
      const failure = buildFailure({ ...ended, exitCode: 1, logTail });
      expect(failure?.message.length).toBeLessThan(400);
      // A surrogate without its other half has no canonical form: nothing could be signed.
      expect(failure?.message).not.toMatch(/\p{Cs}/u);
    }
  });
});
