import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../world/project-root.js';
import { read } from './pages.js';

const PAGE = 'docs/threat-model.md';
const UNTESTED = 'no test yet';
const page = read(PAGE);
const tables = ['Coordinator', 'Builders and operators', 'Everybody else'] as const;

/** Rows of the table below a heading of the second level, without head and rule. */
function table(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = page.split(new RegExp(`^## ${heading}$`, 'm'));
  const [own = ''] = section.split(/^## /m);
  const cells = [...own.matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim()),
  );
  return cells.slice(2);
}

describe.for(tables)('the threats of %s', (heading) => {
  const told = table(heading);

  test('each have a counter, and tests or the word that there is none', () => {
    expect(told.length).toBeGreaterThan(5);
    for (const [threat = '', counter = '', tests = ''] of told) {
      expect([threat, counter !== '']).toEqual([threat, true]);
      const named = [...tests.matchAll(/`\S+ › [^`]+`/g)];
      // Nothing else stands there that looks like one.
      expect([threat, tests === UNTESTED || tests.split(' · ').length === named.length]).toEqual([
        threat,
        true,
      ]);
    }
  });
});

const named = [...page.matchAll(/`(\S+) › ([^`]+)`/g)].map(
  ([, path = '', title = '']) => [path, title] as const,
);

test('the page names many tests', () => {
  expect(named.length).toBeGreaterThan(60);
});

test.for(named)('%s › %s is there', ([path, title]) => {
  expect(existsSync(join(projectRoot(), path))).toBe(true);
  const text = read(path);
  expect(["'", '"', '`'].some((mark) => text.includes(`${mark}${title}${mark}`))).toBe(true);
});
