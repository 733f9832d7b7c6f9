import { setTimeout as sleep } from 'node:timers/promises';
import type { CoordinatorProcess } from '../../stack/coordinator.js';
import type { HandStack } from '../hand-stack.js';

/** Coordinators on one database, of which some are always up, as behind a balancer. */
export class Replicas {
  private readonly running: CoordinatorProcess[];
  /** How many were ended so far. */
  ended = 0;

  constructor(
    private readonly stack: HandStack,
    first: CoordinatorProcess,
    second: CoordinatorProcess,
  ) {
    this.running = [first, second];
  }

  /** One that says that it is ready, as a balancer would choose it. */
  async ready(): Promise<string> {
    for (;;) {
      for (const { url } of this.running) {
        const isReady = await fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
        if (isReady) return url;
      }
      await sleep(20);
    }
  }

  /** Ends the one that runs longest, in order or not, and starts another in its place. */
  async replaceOne(how: 'stop' | 'kill'): Promise<void> {
    const [oldest] = this.running;
    this.ended += 1;
    await oldest?.[how]();
    this.running.shift();
    this.running.push(await this.stack.start());
  }
}
