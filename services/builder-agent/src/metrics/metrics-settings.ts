import { z } from 'zod';

/** Where an agent tells Prometheus how it is. */
export const metricsSettings = {
  /** TCP port of `/metrics` and `/healthz`; without it the agent listens nowhere. 0 picks a free one. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Address to listen on. Whether a build failed shows there before its round is closed: for the operator alone. */
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
};
