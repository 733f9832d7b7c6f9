import { join } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AgentMood, AgentOrder } from '#libs/contracts';
import type { Config } from '../config.js';
import { readIfThere } from '../jobs/durable-file.js';
import { CONFIG } from '../tokens.js';

/** While it is there, nothing new is taken up; what it says is not read. */
const PAUSED_FILE = 'paused';

/**
 * Knows whether this agent takes up what is dispatched: its operator may have paused it by a file, or
 * drained it by a signal, and the coordinator may have asked for either.
 */
@Injectable()
export class MoodService {
  private readonly logger = new Logger(MoodService.name);
  private isDraining = false;
  private ordered: AgentOrder = 'continue';
  private readonly listeners = new Set<() => void>();

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'STATE_DIR'>) {}

  async mood(): Promise<AgentMood> {
    if (this.isDraining || this.ordered === 'drain' || this.ordered === 'stop') return 'draining';
    if (this.ordered === 'pause') return 'paused';
    const note = await readIfThere(join(this.config.STATE_DIR, PAUSED_FILE));
    return note === null ? 'ready' : 'paused';
  }

  /** Whether the coordinator will have nothing more of this builder, what it has begun included. */
  get isUnwanted(): boolean {
    return this.ordered === 'stop';
  }

  /** From now on nothing is taken up; the agent ends once all that it has is done. */
  drain(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    this.logger.log('draining: what was taken up is finished, and nothing more is');
    this.tell();
  }

  /** Does what the coordinator answered to a heartbeat; a drain by the operator is not taken back. */
  follow(order: AgentOrder): void {
    if (order === this.ordered) return;
    this.logger.log(`the coordinator says: ${order}`);
    this.ordered = order;
    this.tell();
  }

  /** Calls back whenever something may have changed; files are not watched. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
