/** What a number is, as Prometheus has it. */
export type MetricType = 'counter' | 'gauge' | 'histogram';

/** One metric: what its series are called, and what they mean. */
export interface MetricDefinition {
  readonly type: MetricType;
  /** One sentence without a full stop, with the unit where the name does not say it. */
  readonly help: string;
  /** Bounded ones: never a round, a digest or a path, of which there are ever more. */
  readonly labels?: readonly string[];
  /** Of a histogram: upper bounds, in the unit of its name. */
  readonly buckets?: readonly number[];
}

/** All metrics of a service, by name. The page of metrics is made of it, and held against what is served. */
export type MetricTable = Readonly<Record<string, MetricDefinition>>;

/**
 * Names what Prometheus' naming rules forbid in a table; none for one that keeps them: one prefix, base
 * units, `_total` for counters and for nothing else, labels that no library takes for itself.
 *
 * Source: https://prometheus.io/docs/practices/naming/
 */
export function faultsOf(table: MetricTable, prefix: string): readonly string[] {
  return Object.entries(table).flatMap(([name, { type, help, labels = [], buckets }]) => {
    const faults: string[] = [];
    const say = (fault: string): void => void faults.push(`${name}: ${fault}`);
    if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name)) say('is not in snake case');
    if (!name.startsWith(`${prefix}_`)) say(`does not begin with ${prefix}_`);
    if ((type === 'counter') !== name.endsWith('_total'))
      say('_total is for counters, and for all');
    if (/_(count|sum|bucket)$/.test(name)) say('ends like a series of a histogram');
    if (/_(ms|millis|milliseconds|minutes|hours|days|kb|mb|gb|kib|mib|percent)(_|$)/.test(name)) {
      say('is not in a base unit');
    }
    if (type === 'histogram' && !/_(seconds|bytes|size)$/.test(name)) say('names no unit');
    if ((type === 'histogram') !== (buckets !== undefined)) say('buckets are for histograms');
    if (help === '' || help.endsWith('.')) say('has no help, or one with a full stop');
    for (const label of labels) {
      if (!/^[a-z][a-z_]*$/.test(label)) say(`label ${label} is not in snake case`);
      if (UNBOUNDED.includes(label)) say(`label ${label} has no bound`);
      if (RESERVED.includes(label)) say(`label ${label} is taken`);
    }
    return faults;
  });
}

const UNBOUNDED = ['round', 'sha256', 'hash', 'digest', 'path', 'url', 'commit', 'proposal'];
/** Of prom-client, of Prometheus, and the one that tells the services apart. */
const RESERVED = ['le', 'quantile', 'job', 'instance', 'service'];
