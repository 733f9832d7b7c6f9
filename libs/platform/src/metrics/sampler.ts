import { setTimeout as sleep } from 'node:timers/promises';
import type { Gauge } from 'prom-client';

/** A look at something outside of the process, each time somebody asks for the metrics. */
export interface Sample {
  /** Such as `database`; a label. */
  readonly name: string;
  /** Sets gauges. What it cannot set it SHOULD remove: a number from yesterday is a lie. */
  readonly take: () => Promise<void>;
}

const PATIENCE_MS = 2_000;
/** However many ask: the servers that are looked at have other things to do. */
const FRESH_MS = 1_000;

/**
 * Takes samples before metrics are given out. One that fails or takes longer than 2 s is told by a
 * gauge of its own and keeps nobody from the others: metrics are wanted most when something is away.
 */
export class Sampler {
  private under: Promise<void> | null = null;
  private takenAt = -Infinity;

  constructor(
    private readonly samples: readonly Sample[],
    private readonly failed: Gauge<'sample'>,
  ) {}

  /** Resolves when all are taken or given up; asked again within a second, they are fresh enough. */
  take(): Promise<void> {
    if (performance.now() - this.takenAt < FRESH_MS) return this.under ?? Promise.resolve();
    this.takenAt = performance.now();
    this.under = Promise.all(this.samples.map((sample) => this.takeOne(sample))).then(() => {
      this.under = null;
    });
    return this.under;
  }

  private async takeOne({ name, take }: Sample): Promise<void> {
    const isTaken = await Promise.race([
      take().then(
        () => true,
        () => false,
      ),
      sleep(PATIENCE_MS, false, { ref: false }),
    ]);
    this.failed.set({ sample: name }, isTaken ? 0 : 1);
  }
}
