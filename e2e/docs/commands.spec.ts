import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../services/cli/src/program.js';
import { read } from './pages.js';

const PAGE = read('docs/keys.md');

/** The command lines of a page's shell blocks, each on one line. */
const lines = [...PAGE.matchAll(/^```sh\n(.*?)^```$/gms)]
  .flatMap(([, text = '']) => text.replaceAll('\\\n', ' ').split('\n'))
  .flatMap((line) => /repro-quorum [^;]+/.exec(line.replace(/ #.*/, ''))?.[0] ?? []);

/** Follows the words of a command line down to the command that they name. */
function commandOf(line: string): Command {
  const [, ...words] = line.split(/\s+/);
  let command = createProgram({});
  for (const word of words) {
    const found = command.commands.find((each) => each.name() === word);
    if (found === undefined) break;
    command = found;
  }
  return command;
}

describe('docs/keys.md', () => {
  test.for(lines)('%s is a command as it is', (line) => {
    const command = commandOf(line);
    const known = command.options.map(({ long }) => long ?? '');
    const used: readonly string[] = line.match(/(?<= )--[a-z-]+/g) ?? [];
    expect(used.filter((option) => !known.includes(option))).toEqual([]);
    const required = command.options.filter(({ mandatory }) => mandatory);
    expect(required.filter(({ long }) => !used.includes(long ?? ''))).toEqual([]);
  });

  test.for(['init', 'sign', 'enroll', 'rotate', 'revoke'])('shows how to %s', (name) => {
    expect(lines.map((line) => commandOf(line).name())).toContain(name);
  });
});
