import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256 } from '#libs/encoding';
import { MAX_INTERMEDIATES, type Intermediate } from './intermediate.js';
import { readResult, resultStatement } from './result-statement.js';
import type { Result } from './result.js';
import { BUILT, BUILT_SHOWN } from './sample.fixture.js';
import { parseStatement, type Statement } from './statement.js';

const malformed: unknown = expect.objectContaining({ code: 'MALFORMED_STATEMENT' });
const sent = (statement: Statement): Result =>
  readResult(parseStatement(Buffer.from(canonicalJson(statement))));
const one = (name: string): Intermediate => ({
  ...{ name, artifacts: ['guestos/update-img'] },
  found: { sha256: sha256(name), bound: sha256(`bound ${name}`) },
});

describe('the intermediate outputs of a result', () => {
  test('come back as they were, a missing one as missing, by ascending name', () => {
    expect(sent(resultStatement(BUILT_SHOWN))).toEqual(BUILT_SHOWN);
    const intermediates = BUILT_SHOWN.intermediates?.toReversed() ?? [];
    expect(resultStatement({ ...BUILT_SHOWN, intermediates })).toEqual(
      resultStatement(BUILT_SHOWN),
    );
  });

  test('are not there in a result that tells none, as in all before there were any', () => {
    expect(Object.keys(sent(resultStatement(BUILT)))).not.toContain('intermediates');
    expect(resultStatement({ ...BUILT, intermediates: [] })).toEqual(resultStatement(BUILT));
  });

  test('are never taken for the build’s log, whatever they are called', () => {
    const intermediates = [one('build.log')];
    const result = { ...BUILT, intermediates, logSha256: null };
    expect(sent(resultStatement(result))).toEqual(result);
  });

  test('beside which stand byproducts that somebody else means something by are read', () => {
    const statement = resultStatement(BUILT_SHOWN);
    const text = canonicalJson(statement).replace(
      '"byproducts":[',
      '"byproducts":[{"annotations":{"https://other.example":1},"name":"x"},',
    );
    expect(sent(JSON.parse(text) as Statement)).toEqual(BUILT_SHOWN);
  });

  test.each<[string, readonly Intermediate[]]>([
    ['one name stands twice', [one('a'), { ...one('a'), found: null }]],
    ['there are too many', Array.from({ length: MAX_INTERMEDIATES + 1 }, (_, n) => one(`${n}`))],
    ['a name holds a line break', [one('a\nb')]],
    ['a name is too long', [one('a'.repeat(201))]],
    ['one leads to no artifact', [{ ...one('a'), artifacts: [] }]],
    ['an artifact’s name holds an escape', [{ ...one('a'), artifacts: ['\u001b[31m'] }]],
    ['a digest is none', [{ ...one('a'), found: { sha256: 'A'.repeat(64), bound: sha256('a') } }]],
    ['a bound digest is none', [{ ...one('a'), found: { sha256: sha256('a'), bound: '' } }]],
  ])('are refused where %s', (_what, intermediates) => {
    const statement = resultStatement({ ...BUILT, intermediates });
    expect(() => sent(statement)).toThrow(malformed);
  });

  test('are refused where one is there without being bound to the round, or bound and not there', () => {
    const text = canonicalJson(resultStatement({ ...BUILT, intermediates: [one('a')] }));
    for (const part of [
      `,"bound":"${sha256('bound a')}"`,
      `"digest":{"sha256":"${sha256('a')}"},`,
    ]) {
      expect(text).toContain(part);
      expect(() => sent(JSON.parse(text.replace(part, '')) as Statement)).toThrow(malformed);
    }
  });
});
