import { describe, expect, test } from 'vitest';
import type { BuildEnd } from '../build/build.js';
import { buildFailure } from './rebuild-failure.js';

const ended: BuildEnd = {
  ...{ exitCode: 0, signal: null, durationMs: 1000, idle: false, interrupted: false, limit: null },
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
    expect(failure).toMatchObject({ stage: 'build', class: failureClass });
    expect(failure?.message).toContain(`the build script ${words}`);
  });

  test('no text of a build’s log makes a failure one on which a verdict stands', () => {
    const logTail = 'SOURCE_UNAVAILABLE source-unavailable: repository not found, 404\n';
    const failure = buildFailure({ ...ended, exitCode: 1, logTail });
    expect(failure).toMatchObject({ class: 'build-error' });
  });

  test.each([
    [`${'x'.repeat(280)} /home/ann/secret`, `${'x'.repeat(280)} /home/ann/secret`],
    [`${'x'.repeat(290)} /home/ann/secret`, `${'x'.repeat(290)} [17 characters are left out]`],
    [`${'x'.repeat(300)} /home`, `${'x'.repeat(300)} [6 characters are left out]`],
    ['/home/ann/'.repeat(40), '[400 characters are left out]'],
  ])('a last line that is too long is told in whole words: %s', (logTail, words) => {
    const failure = buildFailure({ ...ended, exitCode: 1, logTail });
    expect(failure?.message).toBe(`the build script exited with 1: ${words}`);
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
