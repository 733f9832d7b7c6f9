import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { VERSION } from '#libs/contracts';

/** What every service of the project says of itself. */
export const COMMON_METRICS = {
  quorum_build_info: {
    type: 'gauge',
    help: '1, with the version of the program and of the Node.js that runs it',
    labels: ['version', 'node'],
  },
} as const;

/**
 * A registry of its own for each service, with the process metrics of prom-client, event-loop lag
 * among them, and what is running.
 */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'quorum_build_info',
    help: COMMON_METRICS.quorum_build_info.help,
    labelNames: [...COMMON_METRICS.quorum_build_info.labels],
    registers: [registry],
  }).set({ version: VERSION, node: process.versions.node }, 1);
  return registry;
}
