import type { FactValue, Observation } from '../explanation.js';
import { listed, listedUpTo } from './words.js';
import { readable } from '../classes/readable.js';

const MAX_VALUES = 4;
const MAX_NAMES = 4;
/** Salted values are digests: they say that something differs, and not what it is. */
const SALTED = /^sha256:[0-9a-f]{64}$/;

/** What a fact is called in a sentence; others go by their own names. */
const WORDS: Readonly<Record<string, string>> = {
  'temp.block-size': 'the block size of the temp filesystem',
  'temp.filesystem': 'the temp filesystem',
  'temp.tmpfs': 'whether the temp folder is a tmpfs',
  'user.umask': 'the umask',
  'user.uid': 'the user’s id',
  'user.name': 'the user’s name',
  'user.home': 'the user’s home',
  'machine.hostname': 'the host name',
  'build.path': 'the path of the build',
  'locale.collation': 'the order of sorting',
  'cpu.count': 'the number of processors',
  'time.zone': 'the time zone',
  'os.kernel': 'the kernel release',
  'container.image-digest': 'the container image',
  'container.run-conf-digest': 'what ~/.container-run.conf says',
};

/** What a fact is called for a reader. */
export function factWords(fact: string): string {
  return Object.hasOwn(WORDS, fact) ? (WORDS[fact] ?? fact) : `the fact ${readable(fact, 80)}`;
}

/**
 * Tells a fact builder by builder: `the block size of the temp filesystem is 4096 for ann and bea,
 * 1024 for carl`. Null where fewer than two values were told.
 */
export function factSentence(
  fact: string,
  observations: readonly Observation[],
  nameOf: (builder: string) => string,
): string | null {
  const told = observations.filter(({ facts }) => valueOf(facts, fact) !== null);
  const groups = Map.groupBy(told, ({ facts }) => String(valueOf(facts, fact)));
  if (groups.size < 2) return null;
  const values = [...groups].sort(([, a], [, b]) => b.length - a.length);
  if (values.some(([value]) => SALTED.test(value))) {
    return `${factWords(fact)} is not the same for all of them`;
  }
  const parts = values.slice(0, MAX_VALUES).map(([value, builders]) => {
    const names = builders.map(({ builder }) => nameOf(builder));
    return `${readable(value, 60)} for ${listedUpTo(names, MAX_NAMES)}`;
  });
  const more = values.length > MAX_VALUES ? [`others for ${values.length - MAX_VALUES} more`] : [];
  return `${factWords(fact)} is ${listed([...parts, ...more])}`;
}

function valueOf(facts: Observation['facts'], fact: string): FactValue {
  return Object.hasOwn(facts, fact) ? (facts[fact] ?? null) : null;
}
