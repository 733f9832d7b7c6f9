import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Command } from 'commander';
import type { Programs } from './run-service.js';

/** As in the one file. */
const ABSENT: Programs = {
  'access tokens': null,
  'archive of rounds': null,
  'builder-agent': [],
  coordinator: null,
  'check of a log': null,
  'copy of a log': null,
  'receipts of a builder': [],
  'restore of a log': null,
  'succession of a log': null,
};

// Which services came along is known once for a whole program.
beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.resetModules();
});

function shown(program: Command, path: readonly string[]): readonly string[] {
  const command = path.reduce(
    (above, name) => above.commands.find((one) => one.name() === name) ?? above,
    program,
  );
  return command
    .createHelp()
    .visibleCommands(command)
    .map((one) => one.name());
}

describe('a service that did not come along', () => {
  test('takes the commands that run it out of the help', async () => {
    const { createProgram } = await import('./program.js');
    const { setPrograms } = await import('./run-service.js');
    const whole = createProgram({});
    setPrograms(ABSENT);
    const part = createProgram({});
    const missing = (...path: string[]): readonly string[] =>
      shown(whole, path).filter((name) => !shown(part, path).includes(name));
    expect(missing()).toEqual(['fsck', 'log']);
    expect(missing('coordinator')).toEqual(['run', 'restore', 'archive', 'succeed']);
    expect(missing('builder')).toEqual([]);
  });

  test('is told with where it is to be had, whatever it was to be run for', async () => {
    const { runService, setPrograms } = await import('./run-service.js');
    setPrograms(ABSENT);
    const run = runService('check of a log', { FSCK_DIR: 'copy' });
    await expect(run).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(
        /^the check of a log is not in this file: .*checkout/,
      ) as unknown,
      hint: expect.stringContaining('./run cli') as unknown,
    });
    await expect(run).rejects.not.toThrow(/PostgreSQL/);
  });
});
