import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../world/project-root.js';

export const PROMETHEUS = join(projectRoot(), 'deploy/prometheus');

const Rule = z.strictObject({
  alert: z.string().regex(/^Quorum[A-Z][A-Za-z]+$/),
  expr: z.string().min(1),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.strictObject({
    summary: z.string().min(1),
    description: z.string().min(1),
    runbook: z.string().min(1),
  }),
});
export type Rule = z.infer<typeof Rule>;

/** A file of alerts, as Prometheus takes it and as a PrometheusRule of Kubernetes holds it. */
export const RuleFile = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Rule) })),
});

/** All alerts of the project. */
export function alertRules(): readonly Rule[] {
  const folder = join(PROMETHEUS, 'rules');
  return readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return RuleFile.parse(parse(text)).groups.flatMap(({ rules }) => rules);
  });
}
