import type { Environment, FactValue } from '#libs/attestation';
import { plain, type EnvironmentFile } from '#libs/contracts';
import { quote } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';

const MAX_FACTS = 1000;
const MAX_DEPTH = 8;
const MAX_NAME = 200;
const MAX_VALUE = 400;

/**
 * Takes any JSON object as an environment: nested objects become dotted names, lists their JSON.
 * It is marked as declared, since nobody measured it. Long texts are cut at 400 characters.
 *
 * @throws CommandError usage for more than 1,000 facts, a fact without a name, with one of more than
 *   200 characters or called `__proto__`, and two facts of one name, of which only one could be kept
 */
export function declaredEnvironment(path: string, file: EnvironmentFile): Environment {
  const facts = new Map<string, FactValue>();
  for (const [name, value] of factsIn(file, [])) {
    if (name.length > MAX_NAME) {
      throw refused(path, `fact ${quote(name)} has a name of more than ${MAX_NAME} characters`);
    }
    if (name === '') throw refused(path, 'a fact has no name');
    // Objects lose a key of this name when they are copied, and a fact may not vanish in silence.
    if (name === '__proto__') throw refused(path, `no fact can be called ${quote(name)}`);
    if (facts.has(name)) throw refused(path, `fact ${quote(name)} stands there twice`);
    facts.set(name, value);
  }
  if (facts.size > MAX_FACTS) {
    throw refused(path, `it has ${facts.size} facts: at most ${MAX_FACTS} are taken`);
  }
  return { source: 'declared', facts: Object.fromEntries(facts), withheld: [] };
}

function factsIn(value: object, path: readonly string[]): [string, FactValue][] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]) => {
    const name = [...path, key];
    return isObject(entry) && path.length < MAX_DEPTH
      ? factsIn(entry, name)
      : [[plain(name.join('.').toWellFormed(), MAX_NAME + 1), factOf(entry)]];
  });
}

function isObject(entry: unknown): entry is object {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry);
}

function factOf(entry: unknown): FactValue {
  if (entry === null || typeof entry === 'boolean') return entry;
  // JSON can write numbers that only infinity stands for, and those have no signed form; nor has a
  // zero with a sign, which adding one without takes away.
  if (typeof entry === 'number') return Number.isFinite(entry) ? entry + 0 : String(entry);
  const text = typeof entry === 'string' ? entry : jsonOf(entry);
  return plain(text.toWellFormed(), MAX_VALUE);
}

/** What nests deeper than the stack reaches can be read, and not written. */
function jsonOf(entry: unknown): string {
  try {
    return JSON.stringify(entry);
  } catch (cause) {
    throw new CommandError(EXIT.usage, 'the environment nests too deeply', null, { cause });
  }
}

function refused(path: string, why: string): CommandError {
  return new CommandError(EXIT.usage, `${path} cannot be taken as an environment: ${why}`);
}
