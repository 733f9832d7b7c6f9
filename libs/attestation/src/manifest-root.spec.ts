import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256 } from '#libs/encoding';
import { MAX_MANIFEST_ROOTS } from './manifest-root.js';
import { readResult, resultStatement } from './result-statement.js';
import type { Output, Result } from './result.js';
import { BUILT, BUILT_EXPLAINED, BUILT_SHOWN } from './sample.fixture.js';
import { parseStatement, type Statement } from './statement.js';
import { MANIFEST } from './type-uri.js';

const malformed: unknown = expect.objectContaining({ code: 'MALFORMED_STATEMENT' });
const sent = (statement: Statement): Result =>
  readResult(parseStatement(Buffer.from(canonicalJson(statement))));
const [GUEST, HOST] = BUILT.outputs.map(({ name }) => name);
const rooted = (...manifests: (string | undefined)[]): Result & { kind: 'built' } => ({
  ...BUILT,
  outputs: BUILT.outputs.map((output, at) => {
    const manifest = manifests[at];
    return manifest === undefined ? output : { ...output, manifest };
  }),
});

/** The same statement with other byproducts beside those that it has. */
function withByproducts(...byproducts: readonly object[]): Statement {
  const text = canonicalJson(resultStatement(BUILT));
  const added = byproducts.map((one) => `${canonicalJson(one)},`).join('');
  return JSON.parse(text.replace('"byproducts":[', `"byproducts":[${added}`)) as Statement;
}

const root = (artifact: unknown, over: object = {}): object => ({
  name: `manifest/${String(artifact)}`,
  digest: { sha256: sha256('root') },
  annotations: { [MANIFEST]: { artifact } },
  ...over,
});

describe('the manifest roots of a result', () => {
  test('come back with the outputs that they are of, and with no other', () => {
    expect(sent(resultStatement(BUILT_EXPLAINED))).toEqual(BUILT_EXPLAINED);
    const both = rooted(sha256('a'), sha256('b'));
    expect(sent(resultStatement(both))).toEqual(both);
  });

  test('are not there in a result that tells none, which keeps the bytes that it always had', () => {
    const outputs = sent(resultStatement(BUILT_SHOWN)) as typeof BUILT;
    for (const output of outputs.outputs) expect(Object.keys(output)).not.toContain('manifest');
    expect(canonicalJson(resultStatement(BUILT_SHOWN))).not.toContain('manifest');
  });

  test('are written by ascending artifact, whatever the outputs’ order', () => {
    const both = rooted(sha256('a'), sha256('b'));
    const turned = { ...both, outputs: both.outputs.toReversed() };
    expect(canonicalJson(resultStatement(turned))).toBe(canonicalJson(resultStatement(both)));
  });

  test('of a form of another version are passed over', () => {
    const later = MANIFEST.replace('/v1', '/v2');
    const other = root(GUEST, { annotations: { [later]: { artifact: GUEST, depth: 3 } } });
    expect(sent(withByproducts(other))).toEqual(BUILT);
    expect(sent(withByproducts(other, root(GUEST)))).toEqual(rooted(sha256('root')));
  });

  test('are never taken for the build’s log', () => {
    expect(() => sent(withByproducts(root(GUEST, { name: 'build.log' })))).toThrow(malformed);
    const result = { ...rooted(sha256('a')), logSha256: null };
    expect(sent(resultStatement(result))).toEqual(result);
  });

  test.each<[string, readonly object[]]>([
    ['two are of one artifact', [root(GUEST), root(GUEST)]],
    ['two of one artifact differ', [root(GUEST), root(GUEST, { digest: { sha256: sha256('') } })]],
    ['one is of nothing that was built', [root('setupos/disk-img')]],
    ['one is told to be of two artifacts', [root(GUEST, { name: `manifest/${HOST ?? ''}` })]],
    ['one has no name', [root(GUEST, { name: undefined })]],
    ['one has no digest', [root(GUEST, { digest: undefined })]],
    ['a digest is of another algorithm', [root(GUEST, { digest: { sha512: sha256('') } })]],
    ['a digest is upper case', [root(GUEST, { digest: { sha256: 'A'.repeat(64) } })]],
    ['an artifact’s name holds an escape', [root('\u001b[31m')]],
    ['an artifact is no text', [root(7)]],
    ['an artifact is missing', [root(GUEST, { annotations: { [MANIFEST]: {} } })]],
    [
      'there are too many',
      Array.from({ length: MAX_MANIFEST_ROOTS + 1 }, (_, at) => root(`other/${at}`)),
    ],
  ])('are refused where %s', (_what, byproducts) => {
    const plain = JSON.parse(JSON.stringify(byproducts)) as object[];
    expect(() => sent(withByproducts(...plain))).toThrow(malformed);
  });

  test('that are no digests are refused by whoever reads them', () => {
    const output: Output = { ...BUILT.outputs[0]!, manifest: 'root' };
    const statement = resultStatement({ ...BUILT, outputs: [output] });
    expect(() => sent(statement)).toThrow(malformed);
  });
});
