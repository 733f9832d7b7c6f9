import { z } from 'zod';

/** A value of this machine that must not be shown, and the fact that it is of. */
export const PrivateValue = z.strictObject({
  fact: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/),
  value: z.string().min(1).max(4_096),
  kind: z.enum(['path', 'host', 'user']),
});
export type PrivateValue = z.infer<typeof PrivateValue>;

/** What of a machine and of one build is private. */
export interface PrivateSources {
  readonly hostnames: readonly string[];
  readonly users: readonly string[];
  /** The homes of the agent's user and of the build. */
  readonly homes: readonly string[];
  /** Where the build's files lay, and all other folders of the agent. */
  readonly buildPaths: readonly string[];
}

const SHORTEST_WORD = 3;
const SHORTEST_PATH = 4;
/** Names that everybody has: hidden, they would hide half of every file and give away nothing. */
const COMMON_NAMES = new Set(['root', 'build', 'builder', 'localhost', 'ubuntu', 'debian']);
/** What paths are made of everywhere. */
const COMMON_FOLDERS = new Set([
  ...['home', 'tmp', 'var', 'usr', 'opt', 'srv', 'mnt', 'data', 'lib', 'cache', 'ic', 'work'],
  ...COMMON_NAMES,
]);

/**
 * Lists the values that are to be hidden, each once, as of the first fact that has it; those that say
 * nothing of anybody are left out.
 */
export function privateValuesOf(sources: PrivateSources): readonly PrivateValue[] {
  const { hostnames, users, homes, buildPaths } = sources;
  const values: PrivateValue[] = [
    ...hostnames
      .flatMap((name) => [name, name.split('.')[0] ?? ''])
      .filter(isTelling)
      .map((value) => ({ fact: 'machine.hostname', value, kind: 'host' as const })),
    ...users
      .filter(isTelling)
      .map((value) => ({ fact: 'user.name', value, kind: 'user' as const })),
    ...homes
      .map(bare)
      .filter(isTellingPath)
      .map((value) => ({ fact: 'user.home', value, kind: 'path' as const })),
    ...buildPaths
      .map(bare)
      .filter(isTellingPath)
      .map((value) => ({ fact: 'build.path', value, kind: 'path' as const })),
  ];
  const firsts = new Map<string, PrivateValue>();
  for (const value of values) {
    const key = `${value.kind} ${value.value}`;
    if (!firsts.has(key)) firsts.set(key, value);
  }
  return [...firsts.values()];
}

function isTelling(word: string): boolean {
  return word.length >= SHORTEST_WORD && !COMMON_NAMES.has(word.toLowerCase());
}

function bare(path: string): string {
  return path.replace(/\/+$/, '');
}

function isTellingPath(path: string): boolean {
  if (!path.startsWith('/') || path.length < SHORTEST_PATH) return false;
  return path.split('/').some((part) => part !== '' && !COMMON_FOLDERS.has(part));
}
