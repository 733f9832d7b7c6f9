import { z } from 'zod';

/** What is wrong with a service's configuration. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'BAD_CONFIG';
}

/**
 * Reads a service's configuration from the environment, once.
 *
 * @throws ConfigError that lists every key that is missing or wrong
 */
export function readConfig<T>(
  schema: z.ZodType<T>,
  environment: Readonly<Record<string, string | undefined>>,
): T {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new ConfigError(`the configuration is not usable:\n${z.prettifyError(parsed.error)}`);
}
