import type { Environment, FactValue } from '#libs/attestation';
import { plain, type EnvironmentFile } from '#libs/contracts';

const MAX_FACTS = 1000;
const MAX_DEPTH = 8;

/**
 * Takes any JSON object as an environment: nested objects become dotted names, lists their JSON.
 * It is marked as declared, since nobody measured it.
 *
 * @throws RangeError for more than 1,000 facts
 */
export function declaredEnvironment(file: EnvironmentFile): Environment {
  const facts: Record<string, FactValue> = {};
  collect(file, [], facts);
  if (Object.keys(facts).length > MAX_FACTS) {
    throw new RangeError(`the environment has more than ${MAX_FACTS} facts`);
  }
  return { source: 'declared', facts, withheld: [] };
}

function collect(value: object, path: readonly string[], facts: Record<string, FactValue>): void {
  for (const [key, entry] of Object.entries(value) as [string, unknown][]) {
    const name = [...path, key];
    if (
      typeof entry === 'object' &&
      entry !== null &&
      !Array.isArray(entry) &&
      path.length < MAX_DEPTH
    ) {
      collect(entry, name, facts);
    } else {
      facts[plain(name.join('.'))] = factOf(entry);
    }
  }
}

function factOf(entry: unknown): FactValue {
  if (entry === null || typeof entry === 'number' || typeof entry === 'boolean') return entry;
  return plain(typeof entry === 'string' ? entry : JSON.stringify(entry), 400);
}
