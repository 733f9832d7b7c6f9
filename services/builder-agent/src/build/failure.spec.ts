import { describe, expect, test } from 'vitest';
import { EncodingError } from '#libs/encoding';
import { IcosError, type IcosErrorCode } from '#libs/icos';
import { failureAt } from './failure.js';
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
