import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../services/cli/src/program.js';
import { pages, read } from './pages.js';

/** Where this program stands in a line of the shell: not as the namespace of Kubernetes, `-n repro-quorum`. */
const COMMAND = /(?<=(?<!\S)(?<!-n )'?(?:repro-quorum|\.\/run cli) )\S.*/;
/** Where the shell's line ends for the command that stands in it. */
const END = /\s(?:[#|>;]|&&).*|["')]*;.*/;

/** The command lines of this program in a page's shell blocks, each on one line, without its name. */
function linesOf(page: string): readonly string[] {
  return [...read(page).matchAll(/^```sh(?: [\w-]+)?\n(.*?)^```$/gms)]
    .flatMap(([, text = '']) => text.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => COMMAND.exec(line)?.[0] ?? [])
    .map((line) => line.replace(END, ''));
}

/** Follows the words of a command line down to the command that they name. */
function commandOf(line: string): Command {
  let command = createProgram({});
  for (const word of line.split(/\s+/)) {
    const found = command.commands.find((each) => each.name() === word);
    if (found !== undefined) command = found;
  }
  return command;
}

/** Every option that a command takes, those of the commands above it among them. */
function optionsOf(command: Command | null): Command['options'] {
  return command === null ? [] : [...command.options, ...optionsOf(command.parent)];
}

const shown = pages()
  .map((page) => ({ page, lines: linesOf(page) }))
  .filter(({ lines }) => lines.length > 0);

describe.each(shown)('$page', ({ lines }) => {
  test.for(lines)('%s is a command as it is', (line) => {
    const command = commandOf(line);
    expect([line, command.commands.length]).toEqual([line, 0]);
    const options = optionsOf(command);
    const known = options.flatMap(({ long, short }) => [long, short]);
    const used: readonly string[] = line.match(/(?<=\s)--?[a-z][a-z-]*/g) ?? [];
    expect(used.filter((option) => !known.includes(option))).toEqual([]);
    const required = options.filter(({ mandatory }) => mandatory);
    expect(required.filter(({ long }) => !used.includes(long ?? ''))).toEqual([]);
  });
});

test.for(['init', 'sign', 'enroll', 'rotate', 'revoke'])('docs/keys.md shows how to %s', (name) => {
  expect(linesOf('docs/keys.md').map((line) => commandOf(line).name())).toContain(name);
});
