import { Config as AgentConfig } from '../../services/builder-agent/src/config.js';
import { Config as CoordinatorConfig } from '../../services/coordinator/src/config.js';

const SCHEMAS = { coordinator: CoordinatorConfig, 'builder-agent': AgentConfig };

/** Variables that Node.js itself reads, which no service's schema names. */
const OF_NODE = new Set(['NODE_OPTIONS', 'NODE_ENV', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA']);

/**
 * What is wrong with the environment that a deployment gives a service: a variable that it does not
 * know, one that is missing, or a value that it refuses.
 */
export function environmentErrors(
  service: keyof typeof SCHEMAS,
  environment: Readonly<Record<string, string>>,
): readonly string[] {
  const schema = SCHEMAS[service];
  const unknown = Object.keys(environment)
    .filter((name) => !(name in schema.shape) && !OF_NODE.has(name))
    .map((name) => `${name} is no variable of ${service}`);
  const parsed = schema.safeParse(environment);
  const refused = parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return [...unknown, ...(refused ?? [])];
}

/** Reads a file of NAME=VALUE lines, as systemd, compose and kustomize do. */
export function readEnvironment(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}
