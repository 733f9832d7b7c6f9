import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import type { MetricTable } from '#libs/platform';
import { AGENT_METRICS } from '../../services/builder-agent/src/metrics/metric-table.js';
import { COORDINATOR_METRICS } from '../../services/coordinator/src/metrics/metric-table.js';
import { textOf } from '../schemas/rewritten.js';
import { projectRoot } from '../world/project-root.js';

const PATH = join(projectRoot(), 'docs/observability.md');

function tableOf(metrics: MetricTable): string {
  const rows = Object.entries(metrics).map(([name, { type, help, labels = [] }]) => {
    const cells = [`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), help];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| metric | type | labels | what |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** Puts the tables between their marks. */
function withTables(text: string): string {
  return Object.entries({ coordinator: COORDINATOR_METRICS, agent: AGENT_METRICS }).reduce(
    (page, [name, metrics]) =>
      page.replace(
        new RegExp(`(<!-- metrics of the ${name} -->)[\\s\\S]*?(<!-- end -->)`),
        (_, begin: string, end: string) => `${begin}\n\n${tableOf(metrics)}\n\n${end}`,
      ),
    text,
  );
}

test('docs/observability.md has the tables that the services are made of (REWRITE_DOCS=1)', async () => {
  const options = { ...(await resolveConfig(PATH)), parser: 'markdown' };
  const text = await textOf(PATH, withTables);
  expect(await format(text, options)).toBe(await format(withTables(text), options));
  expect(text).toContain('quorum_log_halted');
});
