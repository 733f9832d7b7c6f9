import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { read } from '../docs/pages.js';
import { textOf } from '../schemas/rewritten.js';
import { projectRoot } from '../world/project-root.js';

const RULES = 'deploy/prometheus/rules/repro-quorum.yaml';

test('the alerts on Kubernetes are those of Prometheus beside the compose file (REWRITE_DOCS=1)', async () => {
  const path = join(projectRoot(), 'k8s/base/alerts.yaml');
  const { groups } = parse(read(RULES)) as { groups: unknown };
  const object = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'repro-quorum', labels: { 'app.kubernetes.io/name': 'coordinator' } },
    spec: { groups },
  };
  const note = `# Made of ${RULES} by e2e/deploy/alerts.spec.ts: change it there.\n`;
  const options = await resolveConfig(path);
  const expected = await format(note + stringify(object), { ...options, parser: 'yaml' });
  expect(await textOf(path, () => expected)).toBe(expected);
});
