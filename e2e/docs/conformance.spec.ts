import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CheckComparison } from '#libs/contracts';
import { EXIT } from '../../services/cli/src/exit.js';
import { createProgram } from '../../services/cli/src/program.js';
import { STORIES } from '../check/stories.js';
import { projectRoot } from '../world/project-root.js';
import { read, rows } from './pages.js';

const PAGE = 'docs/repro-check-conformance.md';
const GUIDE = 'docs/check.md';
const STORY = / ends as the page tells$/;

const tables = ['Options', 'Checks', 'Exit codes', 'Defects of the script'] as const;
const check = createProgram({}).commands.find((command) => command.name() === 'check')!;

/** Rows of the table below a heading of the second level, without head and rule. */
function table(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = read(PAGE).split(new RegExp(`^## ${heading}$`, 'm'));
  const [own = ''] = section.split(/^## /m);
  const cells = [...own.matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim()),
  );
  return cells.slice(2);
}

/** The tests that a row names: `path › title`. */
function testsOf(row: readonly string[]): readonly (readonly [path: string, title: string])[] {
  return [...(row.at(-1) ?? '').matchAll(/`(\S+) › ([^`]+)`/g)].map(
    ([, path = '', title = '']) => [path, title] as const,
  );
}

function isTitleIn(path: string, title: string): boolean {
  const text = read(path);
  if (STORY.test(title)) {
    return (
      text.includes("'$name ends as the page tells'") &&
      STORIES.some(({ name }) => name === title.replace(STORY, ''))
    );
  }
  return ["'", '"', '`'].some((mark) => text.includes(`${mark}${title}${mark}`));
}

describe.for(tables)('the table of %s', (heading) => {
  test('has no row without a test, and no test that is not there', () => {
    const told = table(heading);
    expect(told.length).toBeGreaterThan(3);
    for (const row of told) {
      const named = testsOf(row);
      expect([row[0], named.length > 0]).toEqual([row[0], true]);
      // Nothing else stands there that looks like one.
      expect(row.at(-1)?.split(' · ')).toHaveLength(named.length);
      for (const [path, title] of named) {
        expect([path, existsSync(join(projectRoot(), path))]).toEqual([path, true]);
        expect([path, title, isTitleIn(path, title)]).toEqual([path, title, true]);
      }
    }
  });

  test('says something of each in every column', () => {
    for (const row of table(heading)) expect(row.every((cell) => cell !== '')).toBe(true);
  });
});

describe('every option of check', () => {
  const told = table('Options').map(([first = '']) => first);

  test.for([...check.options.map(({ long }) => long ?? ''), '--json'])('%s has a row', (long) => {
    expect(told.some((cell) => cell.includes(`\`${long}\``))).toBe(true);
    expect(read(GUIDE)).toMatch(new RegExp(`${long}\\b`));
  });

  test('and of the script: they have the same names', () => {
    const ours = new Set(check.options.flatMap(({ long, short }) => [long, short]));
    const script = [
      ...['-p', '--proposal-id', '-c', '--commit', '--guestos', '--hostos', '--setupos'],
      ...['--recovery', '--cache-dir', '--clean', '--debug', '--verbose', '--download-source'],
      '--dry-run',
    ];
    for (const name of script) expect([name, ours.has(name)]).toEqual([name, true]);
  });
});

test.for(CheckComparison.shape.id.options)('the comparison %s has a row', (id) => {
  expect(table('Checks').map(([first]) => first)).toContain(`\`${id}\``);
});

test.for(Object.values(EXIT))('exit code %s has a row, here and in the guide', (code) => {
  expect(table('Exit codes').map(([first]) => first)).toContain(`${code}`);
  expect(rows(GUIDE).map(([first]) => first)).toContain(`${code}`);
});

test('the script has ten known defects', () => {
  const numbers = table('Defects of the script').map(([first = '']) => Number.parseInt(first, 10));
  expect([...new Set(numbers)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test.for(STORIES.map(({ name }) => name))('the story %s is told in words', (name) => {
  expect(read(PAGE).includes(`**${name}**`)).toBe(true);
});

describe('the guide', () => {
  const variables = [
    ...read('services/cli/src/check/endpoints.ts').matchAll(/^ {2}(REPRO_QUORUM_\w+): '(.*)',$/gm),
  ];

  test.for(variables.map(([, name = '', value = '']) => [name, value] as const))(
    'tells of %s, and what holds without it',
    ([name, value]) => {
      const row = rows(GUIDE).find(([first]) => first === name);
      expect(row?.[1]).toContain(value);
    },
  );

  test('knows them', () => {
    expect(variables).toHaveLength(7);
  });
});
