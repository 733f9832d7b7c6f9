import { Registry, collectDefaultMetrics } from 'prom-client';

/** A registry of its own for each service, with the process metrics of prom-client. */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
