import { Injectable } from '@nestjs/common';
import { createRegistry, Meters } from '#libs/platform';
import { AGENT_METRICS } from './metric-table.js';

/** The agent's metrics. */
@Injectable()
export class AgentMeters extends Meters<typeof AGENT_METRICS> {
  constructor() {
    super(createRegistry('builder-agent'), AGENT_METRICS);
  }
}
