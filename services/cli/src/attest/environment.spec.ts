import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Environment } from '#libs/attestation';
import { canonicalJson } from '#libs/encoding';
import { CommandError } from '../exit.js';
import { declaredEnvironment } from './environment.js';

const factsOf = (json: Record<string, unknown>) => declaredEnvironment('file.json', json).facts;

describe('a declared environment', () => {
  test('says that nobody measured it', () => {
    expect(declaredEnvironment('file.json', {})).toEqual({
      ...{ source: 'declared', facts: {}, withheld: [] },
    });
  });

  test('names nested facts by their path, and keeps lists as JSON', () => {
    expect(
      factsOf({ os: { name: 'Debian', wsl: false }, cpus: 16, list: [1, { a: null }] }),
    ).toEqual({
      ...{ 'os.name': 'Debian', 'os.wsl': false, cpus: 16, list: '[1,{"a":null}]' },
    });
  });

  test('stops to nest where nobody would read on', () => {
    let nested: Record<string, unknown> = { end: 1 };
    for (let depth = 0; depth < 2000; depth += 1) nested = { n: nested };
    const [name, ...others] = Object.keys(factsOf(nested));
    expect([name, others]).toEqual(['n.n.n.n.n.n.n.n.n', []]);
  });

  test('refuses what could not even be written', () => {
    const lists: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(() => factsOf({ lists })).toThrow('nests too deeply');
  });

  test('cuts long values, and makes hostile text harmless', () => {
    const { long, hostile } = factsOf({ long: 'x'.repeat(401), hostile: '\u001b[2J\u202e\ud800' });
    expect(long).toBe(`${'x'.repeat(399)}…`);
    expect(hostile).toBe(' [2J \ufffd');
  });

  test.each<[claim: string, json: Record<string, unknown>, message: string]>([
    ['two facts of one name', { 'a.b': 1, a: { b: 2 } }, 'fact "a.b" stands there twice'],
    ['a fact without a name', { '': 1 }, 'a fact has no name'],
    [
      'a name that objects lose',
      JSON.parse('{"__proto__":1}') as Record<string, unknown>,
      'no fact can be called "__proto__"',
    ],
    ['a name that is too long', { ['n'.repeat(201)]: 1 }, 'a name of more than 200 characters'],
    [
      'two names that differ where they would be cut',
      { a: { ['n'.repeat(300)]: 1 } },
      'more than 200',
    ],
  ])('refuses %s', (_claim, json, message) => {
    expect(() => factsOf(json)).toThrow(message);
  });

  test('takes 1,000 facts and no more', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, at]));
    expect(Object.keys(factsOf(many(1000)))).toHaveLength(1000);
    expect(() => factsOf(many(1001))).toThrow('it has 1001 facts: at most 1000 are taken');
  });

  test('of any JSON object can be signed and read back, or is refused', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (json) => {
        let environment: Environment;
        try {
          environment = declaredEnvironment('file.json', json);
        } catch (error) {
          expect(error).toBeInstanceOf(CommandError);
          return;
        }
        const signed: unknown = JSON.parse(canonicalJson(environment));
        expect(Environment.parse(signed)).toEqual(environment);
      }),
    );
  }, 30_000);
});
