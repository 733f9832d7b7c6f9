import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../world/project-root.js';
import { groupsOf, selectorsOf } from './promql.js';
import { missingIn, servedSeries } from './served.js';

const FOLDER = join(projectRoot(), 'deploy/grafana');
const Panel = z.looseObject({
  id: z.number(),
  type: z.enum(['row', 'stat', 'timeseries']),
  title: z.string().min(1),
  gridPos: z.strictObject({ h: z.number(), w: z.number(), x: z.number(), y: z.number() }),
  targets: z
    .array(z.looseObject({ refId: z.string(), expr: z.string(), legendFormat: z.string() }))
    .default([]),
});
const Dashboard = z.looseObject({
  uid: z.string().max(40),
  title: z.string(),
  editable: z.literal(false),
  panels: z.array(Panel),
});

const files = readdirSync(join(FOLDER, 'dashboards'));
const dashboards = files.map((file) => [file, readJson(join(FOLDER, 'dashboards', file))] as const);
let series: Awaited<ReturnType<typeof servedSeries>>;
beforeAll(async () => {
  series = await servedSeries();
});

function readJson(path: string): z.infer<typeof Dashboard> {
  return Dashboard.parse(JSON.parse(readFileSync(path, 'utf8')));
}

describe.each(dashboards)('the dashboard %s', (file, { uid, panels }) => {
  test('is named by its uid, and its panels lie side by side', () => {
    expect(file).toBe(`${uid}.json`);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });

  test.each(panels.flatMap(({ title, targets }) => targets.map((target) => [title, target])))(
    '%s: reads what the services export, and names it by labels that it has',
    (_, target) => {
      const { expr, legendFormat } = target as { expr: string; legendFormat: string };
      expect(missingIn(series, selectorsOf(expr))).toEqual([]);
      const used = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      expect(used.filter((label) => !groupsOf(expr).includes(label))).toEqual([]);
    },
  );
});

test('what provisions them looks where the compose file puts them', () => {
  const provider = z.object({
    providers: z.array(z.object({ options: z.object({ path: z.string() }) })),
  });
  const text = readFileSync(join(FOLDER, 'provisioning/dashboards/repro-quorum.yaml'), 'utf8');
  const [{ options }] = provider.parse(parse(text)).providers as [{ options: { path: string } }];
  const compose = readFileSync(join(projectRoot(), 'deploy/compose.yaml'), 'utf8');
  expect(compose).toContain(`./grafana/dashboards:${options.path}:ro`);
});
