import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { read } from '../docs/pages.js';
import { projectRoot } from '../world/project-root.js';
import { groupsOf, selectorsOf } from './promql.js';
import { alertRules } from './rules.js';
import { missingIn, servedSeries } from './served.js';

const rules = alertRules();
let series: Awaited<ReturnType<typeof servedSeries>>;
beforeAll(async () => {
  series = await servedSeries();
});

test('alerts have names of their own', () => {
  const names = rules.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(15);
});

describe.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (alert, rule) => {
  test('reads what the services export', () => {
    const selectors = selectorsOf(rule.expr);
    expect(selectors.length).toBeGreaterThan(0);
    expect(missingIn(series, selectors)).toEqual([]);
  });

  test('speaks of labels that it has', () => {
    const used = [...JSON.stringify(rule.annotations).matchAll(/\$labels\.(\w+)/g)];
    const own = new Set(groupsOf(rule.expr));
    expect(used.map(([, label = '']) => label).filter((label) => !own.has(label))).toEqual([]);
  });

  test('leads to a page that is there, and is on the page of alerts', () => {
    expect(existsSync(join(projectRoot(), rule.annotations.runbook))).toBe(true);
    expect(read('docs/observability.md')).toContain(`\`${alert}\``);
  });
});
