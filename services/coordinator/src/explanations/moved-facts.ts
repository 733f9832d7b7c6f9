import type { FactValue } from '#libs/divergence';
import { compareText } from '#libs/encoding';

/** What a builder told of its machine; a name that is absent is a missing value. */
export type ToldFacts = Readonly<Record<string, FactValue>>;

/** A fact that left its machine as a digest only. */
const SALTED = /^sha256:[0-9a-f]{64}$/;

/** Digests that everybody may read: the same in each round, unlike those that are salted. */
const PUBLIC_DIGESTS: ReadonlySet<string> = new Set([
  'build.script-digest',
  'container.image-digest',
]);

/** Facts that are not the same for two builds of a machine that nobody touched. */
const VOLATILE: ReadonlySet<string> = new Set([
  // Any file that comes or goes moves these, those of the first build above all.
  ...['disk.build.free', 'disk.cache.free', 'disk.home.free', 'temp.free'],
  // The first build fills the folder. What a build took of it is told by `build.cache`.
  'disk.cache.warm',
]);

/** Facts of one thing each: whoever changes one of them can hardly keep the others. */
const OF_ONE_THING: readonly (readonly string[])[] = [
  ['temp.filesystem', 'temp.tmpfs', 'temp.size', 'temp.block-size'],
  ...['build', 'cache', 'home'].map((disk) => [`disk.${disk}.filesystem`, `disk.${disk}.size`]),
  ['user.uid', 'user.name', 'user.home'],
  ['locale.lang', 'locale.lc-all', 'locale.collation', 'locale.characters'],
  ['os.id', 'os.version', 'os.name', 'os.kernel', 'os.wsl', 'machine.virtualisation'],
  ['container.engine', 'container.version'],
  ['container.run-conf', 'container.run-conf-digest'],
  ['container.image-digest', 'container.image-origin'],
];

/** What was told of a fact; null for a missing value. */
export function valueOf(facts: ToldFacts, name: string): FactValue {
  return Object.hasOwn(facts, name) ? (facts[name] ?? null) : null;
}

/** Whether two values are one: by their text, as everywhere that facts are compared. */
export function isSameValue(one: FactValue, other: FactValue): boolean {
  return (one === null) === (other === null) && String(one) === String(other);
}

/** Whether a fact's value is salted: another one in each round, whether the fact changed or not. */
export function isSalted(name: string, value: FactValue): boolean {
  return !PUBLIC_DIGESTS.has(name) && SALTED.test(String(value));
}

/** Whether a fact may move without anybody's doing. */
export function isVolatile(name: string): boolean {
  return VOLATILE.has(name);
}

/**
 * Names the facts that are no longer as they were, sorted. One that is missing on one side only has
 * moved; of one that is missing on both, or salted, nobody can tell.
 */
export function movedFacts(before: ToldFacts, after: ToldFacts): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => {
      const [one, other] = [valueOf(before, name), valueOf(after, name)];
      if (isSalted(name, one) && isSalted(name, other)) return false;
      return !isSameValue(one, other);
    })
    .sort(compareText);
}

/** Facts that cannot but change with one: they are of the same thing. */
export function goingAlong(fact: string): readonly string[] {
  return OF_ONE_THING.filter((facts) => facts.includes(fact))
    .flat()
    .filter((other) => other !== fact);
}
