import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { Commit, commitStatement, quickCommit } from './commit.js';
import type { QuickMatch } from './quick-match.js';
import { Provenance, quickProvenance } from './result-provenance.js';
import { resultStatement } from './result-statement.js';
import { quickReveal, Reveal } from './reveal.js';
import { BUILT, BUILT_EXPLAINED, BUILT_SHOWN, COMMIT, FAILED, ROUND } from './sample.fixture.js';
import { quickStatement, Statement } from './statement.js';

const REVEAL: Reveal = {
  ...{ round: ROUND, builder: COMMIT.builder, commitment: COMMIT.commitment },
  ...{ commitIndex: 3, closeIndex: 9, checkpoint: 'log.example\n9\n' },
};
const statements = [BUILT, BUILT_SHOWN, BUILT_EXPLAINED, FAILED].map(resultStatement);

/** Each quick match beside its schema, with values that both take. */
const pairs: readonly [string, QuickMatch, z.ZodType, readonly unknown[]][] = [
  ['a statement', quickStatement, Statement, [...statements, commitStatement(COMMIT)]],
  ['a commit', quickCommit, Commit, [COMMIT]],
  ['a reveal', quickReveal, Reveal, [REVEAL]],
  [
    'provenance',
    quickProvenance,
    Provenance,
    statements.slice(0, 3).map(({ predicate }) => predicate),
  ],
];

/** What JSON can put in the place of anything: near misses of every kind of field. */
const hostileArb = fc.oneof(
  fc.jsonValue(),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(
    ...[null, true, 0, -0, -1, 1.5, 2 ** 53, 1e309, '', [], {}, ' ', '\n', '\u007f', '\u202e'],
    ...['é', '\ud800', 'a'.repeat(64), 'A'.repeat(64), `${'a'.repeat(64)}\n`, 'a'.repeat(81)],
    ...['a'.repeat(200), 'a'.repeat(201), 'a'.repeat(401), 'a'.repeat(2001), '-', 'a-b', '../x'],
    ...['2026-01-02T03:04:05.000Z', '2026-13-02T03:04:05.000Z', 'A'.repeat(43) + '='],
    JSON.parse('{"__proto__":{"sha256":"x"}}') as unknown,
    Array.from({ length: 65 }, () => ({})),
    Array.from({ length: 257 }, () => ({})),
    Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`f${at}`, at])),
  ),
);
const nameArb = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'name', 'digest', 'x'.repeat(41)),
  fc.string(),
);

/** Every object and list inside a value, the value itself first. */
function nodesOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
}

/** A good value with one thing in it put otherwise, added or taken away. */
function spoiltArb(good: unknown): fc.Arbitrary<unknown> {
  return fc
    .record({ node: fc.nat(), field: fc.nat(), name: nameArb, hostile: hostileArb, how: fc.nat(2) })
    .map(({ node, field, name, hostile, how }) => {
      const value: unknown = structuredClone(good);
      const nodes = nodesOf(value);
      const at = nodes[node % nodes.length]!;
      if (Array.isArray(at)) {
        at.splice(field % (at.length + 1), how === 1 ? 0 : 1, ...(how === 2 ? [] : [hostile]));
        return value;
      }
      const own = Object.keys(at);
      const spoilt = how === 1 || own.length === 0 ? name : own[field % own.length]!;
      if (how === 2) Reflect.deleteProperty(at, spoilt);
      // As JSON.parse does it: a field may bear any name.
      else Object.defineProperty(at, spoilt, { ...ownField, value: hostile });
      return value;
    });
}
const ownField = { writable: true, enumerable: true, configurable: true };

describe.each(pairs)('a quick yes to %s', (_what, quick, schema, goods) => {
  test('is said to what our own programs write', () => {
    expect(goods.map(quick)).toEqual(goods.map(() => true));
  });

  test('means that the schema gives an equal value', () => {
    let agreed = 0;
    fc.assert(
      fc.property(fc.constantFrom(...goods).chain(spoiltArb), (value) => {
        if (!quick(value)) return;
        agreed += 1;
        const read = schema.safeParse(value);
        expect(read.success).toBe(true);
        // Names such as constructor and __proto__ confuse a matcher.
        expect([isDeepStrictEqual(read.data, value), value]).toEqual([true, value]);
      }),
      { numRuns: 2000 },
    );
    expect(agreed).toBeGreaterThan(0);
  });

  test('is not said to something else altogether', () => {
    fc.assert(fc.property(hostileArb, (value) => !quick(value)));
  });
});
