import type { DifferenceClass } from '../difference.js';
import type { ClassifyContext } from './context.js';

const MIN_WORD_CHARACTERS = 4;

const BY_FACT: Readonly<Record<string, DifferenceClass>> = {
  'machine.hostname': 'hostname',
  'user.name': 'user',
  'user.uid': 'user',
  'user.home': 'build-path',
  'build.path': 'build-path',
  'time.zone': 'timestamp',
  'locale.lang': 'locale',
  'locale.lc-all': 'locale',
  'locale.collation': 'locale',
  'locale.characters': 'locale',
};

/** The class of what shows the value of a fact; null for facts that have none of their own. */
export function classOfFact(fact: string): DifferenceClass | null {
  return BY_FACT[fact] ?? null;
}

/**
 * Facts that both builders told openly, whose values differ, and of which each side shows its own.
 * Salted ones are digests here, which nothing in an image is equal to but by their masks.
 */
export function openFactsIn(
  left: string,
  right: string,
  { facts }: ClassifyContext,
): readonly string[] {
  if (facts === undefined) return [];
  return Object.keys(facts.left).filter((name) => {
    const [a, b] = [facts.left[name] ?? null, facts.right[name] ?? null];
    if (a === null || b === null || String(a) === String(b)) return false;
    return hasWord(left, String(a)) && hasWord(right, String(b));
  });
}

/** Short values, such as numbers of processors, stand in many a version: only alone they count. */
function hasWord(text: string, word: string): boolean {
  if (word.length < MIN_WORD_CHARACTERS) return word !== '' && text.trim() === word;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const isWhole = !isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + word.length]);
    if (isWhole) return true;
  }
  return false;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
