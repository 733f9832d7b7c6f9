import type { z } from 'zod';
import type { Operation } from '#libs/contracts';
import { fieldsOf, fits } from './requests.js';

/** Values that some schema or other does not take; each stands decoded. */
const CANDIDATES = [
  ...['latest', 'x y', '-1', '1.5', 'NaN', '1e9', '101', '0', '99999999999999999999999'],
  ...['<script>alert(1)</script>', '../../etc/passwd', "' OR 1=1 --", '\u0000', '\u202e\u2066'],
  ...['é', '\ud83d\ude00', 'A'.repeat(64), 'ab'.repeat(32).toUpperCase(), '[object Object]'],
] as const;

/** Well-formed values of what is nowhere. */
const NOWHERE = [
  ...['ee'.repeat(32), '9'.repeat(19), '0'.repeat(12), 'nobody', '0/999', 'resume'],
  `sub_${'0'.repeat(24)}`,
  ...['00000000-0000-4000-8000-000000000000', 'nothing/at-all', '9007199254740991'],
] as const;

/** Gives values that a parameter does not take. */
export function badValues(schema: z.ZodType): readonly string[] {
  return CANDIDATES.filter((value) => !fits(schema, value));
}

/** Gives a well-formed value for each parameter in the path, of what is not there; null without any. */
export function nowhereOf({ params }: Operation): Readonly<Record<string, string>> | null {
  if (params === undefined) return null;
  const entries = Object.entries(fieldsOf(params)).map(([name, schema]) => {
    const found = NOWHERE.find((value) => fits(schema, value));
    if (found === undefined) {
      throw new Error(`e2e/api/bad-values.ts has no value of nothing for {${name}}: add one`);
    }
    return [name, found] as const;
  });
  return Object.fromEntries(entries);
}
