import type { Gauge, Registry } from 'prom-client';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';

/** Where words about witnesses go. */
export interface WitnessLog {
  log(message: string): void;
  warn(message: string): void;
}

/**
 * Which witnesses give their word and which do not. It is told when that changes, once: volunteers
 * sleep for days, and a line every ten seconds would hide everything else. How it stands is a gauge.
 */
export class Wakefulness {
  private readonly gauge: Gauge<'witness'>;
  /** Why each witness that is asleep was last said to be; by name. */
  private readonly asleep = new Map<string, string>();

  constructor(
    registry: Registry,
    private readonly logger: WitnessLog,
  ) {
    this.gauge = new CoordinatorMeters(registry).gauge('quorum_witness_asleep');
  }

  /** A witness gave its word, or had given it before. */
  answered(witness: string): void {
    this.gauge.set({ witness }, 0);
    if (this.asleep.delete(witness)) this.logger.log(`witness ${witness} cosigns again`);
  }

  /**
   * A witness did not cosign.
   *
   * @param outcome in which way; another one than before is news
   */
  failed(witness: string, outcome: string, error: unknown): void {
    this.gauge.set({ witness }, 1);
    if (this.asleep.get(witness) === outcome) return;
    this.asleep.set(witness, outcome);
    this.logger.warn(`witness ${witness} did not cosign, and is asked on: ${String(error)}`);
  }
}
