import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigError } from '#libs/platform';
import { TlogError } from '#libs/tlog';
import { failCommand } from './failed-command.js';

let told = '';
beforeEach(() => {
  told = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const bad = new TlogError('BAD_PROOF', 'the tree is another');

describe('a command that failed', () => {
  test('tells a configuration that is not usable in one line, and exits with 2', () => {
    failCommand('fsck', new ConfigError('name a folder'));
    expect([told, process.exitCode]).toEqual(['fsck: name a folder\n', 2]);
  });

  test('exits with 4 only for what it checked and found bad', () => {
    failCommand('restore', bad, { badEvidence: [TlogError] });
    expect([told, process.exitCode]).toEqual(['restore: the tree is another\n', 4]);
    failCommand('fsck', bad, { usage: [TlogError] });
    expect(process.exitCode).toBe(2);
  });

  test('tells a foreseen error in its own words', () => {
    failCommand('fsck', bad, { usage: [TlogError], say: ({ message }) => `${message}!` });
    expect(told).toBe('fsck: the tree is another!\n');
  });

  test('tells what the machine refused in one line', () => {
    const cause = { code: 'ENOSPC', syscall: 'write' };
    failCommand(
      'export',
      Object.assign(new Error('ENOSPC: no space left on device, write'), cause),
    );
    expect([told, process.exitCode]).toEqual([
      'export: ENOSPC: no space left on device, write\n',
      2,
    ]);
  });

  test('shows whole what nobody foresaw, and never exits as if a build did not reproduce', () => {
    failCommand('fsck', new RangeError('oops', { cause: new Error('why') }));
    expect(told).toMatch(/^fsck: RangeError: oops\n\s+at .*failed-command\.spec/);
    expect(told).toContain('why');
    expect(process.exitCode).toBe(2);
  });
});
