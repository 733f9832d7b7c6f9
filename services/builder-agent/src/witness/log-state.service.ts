import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { sha256 } from '#libs/encoding';
import { openCheckpoint, type Checkpoint } from '#libs/tlog';
import type { Config } from '../config.js';
import type { Coordinator } from '../jobs/coordinator-identity.js';
import { makeFolderDurably, readIfThere, writeDurably } from '../jobs/durable-file.js';
import { CONFIG, COORDINATOR } from '../tokens.js';
import { LogStateError } from './log-state-error.js';

/** The largest tree of the log that this agent has verified. */
export interface SeenCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The signed note, byte for byte: should the log ever contradict it, this is the evidence. */
  readonly note: string;
}

/** What one step makes of the state. */
export interface LogStep<T> {
  /** The signed note that is the state from now on; null leaves it as it is. */
  readonly keep: string | null;
  readonly answer: T;
}

/**
 * What this agent last saw of the coordinator's log, as its witness and before it shows a result:
 * one state for both, so that no two trees can be shown to one agent.
 */
@Injectable()
export class LogStateService {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(COORDINATOR) private readonly coordinator: Coordinator,
  ) {}

  /** Where the state and what contradicted it are kept. */
  folder(): string {
    return join(this.config.STATE_DIR, 'witness');
  }

  /**
   * Lets `decide` look at the state, makes what it wants kept durable, and gives its answer only
   * then. One step after the other: two requests at once never decide on the same state. `decide`
   * MUST NOT sign anything: a crash here would leave a signature without its state.
   *
   * @throws LogStateError when the state is not what this agent wrote
   */
  update<T>(decide: (seen: SeenCheckpoint | null) => LogStep<T>): Promise<T> {
    const step = this.last.then(() => this.step(decide));
    this.last = step.catch(() => undefined);
    return step;
  }

  private async step<T>(decide: (seen: SeenCheckpoint | null) => LogStep<T>): Promise<T> {
    const { keep, answer } = decide(await this.read());
    if (keep !== null) {
      await makeFolderDurably(this.folder());
      await writeDurably(this.path(), keep);
    }
    return answer;
  }

  private async read(): Promise<SeenCheckpoint | null> {
    const { verifier, origin } = this.coordinator;
    try {
      const note = await readIfThere(this.path());
      if (note === null) return null;
      return { note, checkpoint: openCheckpoint(note, [verifier], origin).checkpoint };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LogStateError(`${this.path()} is not the last checkpoint seen: ${reason}`, {
        cause,
      });
    }
  }

  private path(): string {
    return join(this.folder(), sha256(this.coordinator.origin));
  }
}
