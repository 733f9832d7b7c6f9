import type { ClassifyContext } from './context.js';
import { bothSides } from './readable.js';
import type { Seen } from './seen.js';
import { seeTexts } from './text-pair.js';
import { areBuildSeconds } from './times.js';

const SHADOW = /^etc\/shadow-?$/;
const FIELDS = 9;
const DAY_SECONDS = 86_400;
/** The way of hashing with its settings, then the salt, then the hash. Source: crypt(5) */
const HASHED =
  /^(\$[0-9a-z]{1,4}\$(?:(?:rounds=\d{1,9}|j[\w./]{1,12})\$)?)([\w./]{1,86})\$[\w./]{10,128}$/i;

/**
 * Names what makes two lines of a file of passwords differ, field by field; null for another file,
 * and for lines of two users. Source: shadow(5)
 */
export function seeShadowLine(
  left: string,
  right: string,
  context: ClassifyContext,
): readonly Seen[] | null {
  if (!SHADOW.test(context.own?.at(-1) ?? '')) return null;
  const [a, b] = [left.split(':'), right.split(':')];
  if (a.length !== FIELDS || b.length !== FIELDS || a[0] !== b[0]) return null;
  return a.flatMap((field, index) => {
    const other = b[index] ?? '';
    if (field === other) return [];
    if (index === 1 && areSalted(field, other)) {
      const detail =
        'a password’s hash: its salt is drawn by chance, and hides whether the password is another';
      return [{ class: 'unknown', detail, facts: [] }];
    }
    const [day, otherDay] = [field, other].map((each) => Number(each) * DAY_SECONDS);
    if (index === 2 && areBuildSeconds(day ?? NaN, otherDay ?? NaN, context)) {
      const detail = `days since 1970 of a password’s last change: ${bothSides(field, other)}`;
      return [{ class: 'timestamp', detail, facts: [] }];
    }
    return seeTexts(field, other, context);
  });
}

/** Whether two hashes were made in one way with two salts: with one salt the passwords differ. */
function areSalted(left: string, right: string): boolean {
  const [a, b] = [HASHED.exec(left), HASHED.exec(right)];
  return a !== null && b !== null && a[1] === b[1] && a[2] !== b[2];
}
