import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addCheck } from '../../services/cli/src/commands/check.js';
import { EXIT } from '../../services/cli/src/exit.js';
import { read, rows } from './pages.js';

const PAGE = 'docs/repro-check-conformance.md';
const all = rows(PAGE);
const shown = all.flatMap((cells) => {
  const [, path, title] = /^(\S+\.ts) › (.+)$/.exec(cells.at(-1) ?? '') ?? [];
  return path === undefined || title === undefined ? [] : [[path, title] as const];
});

describe('the conformance table', () => {
  test.each(shown)('names a test that is there: %s › %s', (path, title) => {
    // Titles with a slash of JavaScript's quotes in them are named by their part before it.
    expect(read(path)).toContain(title);
  });

  test('backs every row of ours, and there are many', () => {
    const wide = all.filter((cells) => cells.length === 5 && !/^\d+$/.test(cells[4] ?? ''));
    const bare = wide.filter(([first = '', , , , last = '']) => {
      return !/^-+$/.test(first) && !['shown by', 'exit'].includes(last) && !last.includes(' › ');
    });
    expect(bare).toEqual([]);
    expect(shown.length).toBeGreaterThan(60);
  });

  test('has a row for every option of the command', () => {
    const program = new Command();
    addCheck(program);
    const options = program.commands[0]?.options.flatMap(({ long }) => long ?? []) ?? [];
    const told = all.flatMap(([first = '']) => first.split(', '));
    for (const option of [...options, '--json']) expect(told).toContain(option);
  });

  test('has a row for every exit code', () => {
    const told = all.map(([first = '']) => first);
    for (const code of Object.values(EXIT)) expect(told).toContain(String(code));
  });
});
