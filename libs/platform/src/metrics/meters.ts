import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MetricDefinition, MetricTable, MetricType } from './metric-table.js';

type Named<T extends MetricTable, K extends MetricType> = {
  [N in keyof T & string]: T[N]['type'] extends K ? N : never;
}[keyof T & string];
type LabelsOf<D extends MetricDefinition> = D['labels'] extends readonly (infer L extends string)[]
  ? L
  : never;

/** What prom-client wants of each metric. */
interface Form<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: L[];
  readonly registers: Registry[];
}

/** Makes the metrics of a table, each once for all who ask for it; a name that is not in it does not compile. */
export class Meters<T extends MetricTable> {
  constructor(
    readonly registry: Registry,
    readonly table: T,
  ) {}

  counter<N extends Named<T, 'counter'>>(name: N): Counter<LabelsOf<T[N]>> {
    const made = this.registry.getSingleMetric(name);
    return made instanceof Counter ? made : new Counter(this.form(name));
  }

  gauge<N extends Named<T, 'gauge'>>(name: N): Gauge<LabelsOf<T[N]>> {
    const made = this.registry.getSingleMetric(name);
    return made instanceof Gauge ? made : new Gauge(this.form(name));
  }

  histogram<N extends Named<T, 'histogram'>>(name: N): Histogram<LabelsOf<T[N]>> {
    const made = this.registry.getSingleMetric(name);
    if (made instanceof Histogram) return made;
    return new Histogram({ ...this.form(name), buckets: [...(this.table[name]?.buckets ?? [])] });
  }

  private form<N extends keyof T & string>(name: N): Form<LabelsOf<T[N]>> {
    const { help = '', labels = [] } = this.table[name] ?? {};
    const labelNames = [...labels] as LabelsOf<T[N]>[];
    return { name, help, labelNames, registers: [this.registry] };
  }
}
