import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../world/project-root.js';

const Chart = z.object({
  source: z.string(),
  values: z.array(z.string()),
  open: z.array(z.string()),
});
const Values = z.record(z.string(), z.unknown());

/** Names of the keys that the official chart takes, and of those below which anything may stand. */
const chart = Chart.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'nats-chart-2.14.2.json'), 'utf8')),
);
const [known, open] = [new Set(chart.values), new Set(chart.open)];

/** Reads a file of values for the NATS chart. */
export function readValues(name: string): Readonly<Record<string, unknown>> {
  return Values.parse(parse(readFileSync(join(projectRoot(), 'k8s/nats', name), 'utf8')));
}

/** Gives the keys of a file of values that the chart would pass over without a word. */
export function unknownKeys(
  values: Readonly<Record<string, unknown>>,
  path = '',
): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const name = path === '' ? key : `${path}.${key}`;
    if (open.has(name)) return [];
    const inner = Values.safeParse(value);
    if (inner.success) return unknownKeys(inner.data, name);
    return known.has(name) ? [] : [name];
  });
}
