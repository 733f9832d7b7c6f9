import { expect, test } from 'vitest';
import { createProgram } from '../../services/cli/src/program.js';
import { Config } from '../../services/coordinator/src/config.js';

test.each([
  ['--threshold', 'DEFAULT_THRESHOLD'],
  ['--deadline', 'DEFAULT_DEADLINE_SECONDS'],
] as const)(
  'the help of `round open` names what %s is where it is left out',
  (option, variable) => {
    const round = createProgram({}).commands.find((one) => one.name() === 'round');
    const open = round?.commands.find((one) => one.name() === 'open');
    const { description } = open?.options.find(({ long }) => long === option) ?? {};
    const value = Config.shape[variable].parse(undefined);
    expect(description).toContain(`(${variable}, ${value})`);
  },
);
