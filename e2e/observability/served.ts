import { createRegistry, type MetricDefinition, type MetricTable } from '#libs/platform';
import { AGENT_METRICS } from '../../services/builder-agent/src/metrics/metric-table.js';
import { COORDINATOR_METRICS } from '../../services/coordinator/src/metrics/metric-table.js';

/** What Prometheus puts beside every sample, and what we do. */
const EVERYWHERE = ['job', 'instance', 'service'];

/** Every series that the services export, with its labels, as an expression names it. */
export async function servedSeries(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const tables: MetricTable = { ...COORDINATOR_METRICS, ...AGENT_METRICS };
  const series = new Map<string, ReadonlySet<string>>([['up', new Set(EVERYWHERE)]]);
  for (const [name, definition] of Object.entries(tables)) {
    for (const [each, labels] of seriesOf(name, definition)) series.set(each, labels);
  }
  // What prom-client knows of every process.
  for (const { name } of await createRegistry('spec').getMetricsAsJSON()) {
    if (!series.has(name)) series.set(name, new Set(EVERYWHERE));
  }
  return series;
}

function seriesOf(
  name: string,
  { type, labels = [] }: MetricDefinition,
): readonly (readonly [string, ReadonlySet<string>])[] {
  const own = new Set([...EVERYWHERE, ...labels]);
  if (type !== 'histogram') return [[name, own]];
  return [
    [`${name}_bucket`, new Set([...own, 'le'])],
    [`${name}_sum`, own],
    [`${name}_count`, own],
  ];
}

/** Names what an expression reads that nobody serves; none where all of it is there. */
export function missingIn(
  series: ReadonlyMap<string, ReadonlySet<string>>,
  selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[],
): readonly string[] {
  return selectors.flatMap(({ metric, labels }) => {
    const own = series.get(metric);
    if (own === undefined) return [metric];
    return labels.filter((label) => !own.has(label)).map((label) => `${metric}{${label}}`);
  });
}
