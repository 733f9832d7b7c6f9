import { describe, expect, test } from 'vitest';
import { machineChecks, type MachineCheck } from '#libs/fingerprint';
import { read, rows } from './pages.js';

const PAGE = 'docs/doctor.md';
const checks: readonly MachineCheck[] = machineChecks;
const told = rows(PAGE).filter(([name]) => checks.some((row) => row.name === name));

describe(PAGE, () => {
  test('has a row for each check, in the order in which they are shown', () => {
    expect(told.map(([name]) => name)).toEqual(checks.map(({ name }) => name));
  });

  test.for(checks.map((row) => [row.name, row] as const))(
    'tells of %s what the table has',
    ([name, { expected, hard, warns, why, source }]) => {
      expect(told.find(([first]) => first === name)).toEqual([
        ...[name, expected, hard?.when ?? '', warns ?? '', why, source ?? 'none'],
      ]);
    },
  );

  test.for(checks.flatMap(({ hard }) => (hard === null ? [] : [hard.failure])))(
    'names the class %s',
    (failure) => {
      expect(read(PAGE).includes(`\`${failure}\``)).toBe(true);
    },
  );
});
