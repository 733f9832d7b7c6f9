import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256, toBase64 } from '#libs/encoding';
import { readResult, resultStatement } from './result-statement.js';
import type { Result } from './result.js';
import { BUILT, FAILED, RELEASE } from './sample.fixture.js';
import { parseStatement, type Statement } from './statement.js';

const malformed: unknown = expect.objectContaining({ code: 'MALFORMED_STATEMENT' });
const wrongRelease: unknown = expect.objectContaining({ code: 'WRONG_RELEASE' });

/** What a reader at the other end gets. */
function sent(statement: Statement): Result {
  return readResult(parseStatement(Buffer.from(canonicalJson(statement))));
}

/** A copy of a result's statement after somebody edited its JSON. */
function edited(result: Result, find: string, replace: string): Statement {
  const text = canonicalJson(resultStatement(result));
  expect(text).toContain(find);
  return JSON.parse(text.replaceAll(find, replace)) as Statement;
}

describe('a result', () => {
  test.each<[string, Result]>([
    ['built', BUILT],
    ['failed', FAILED],
    ['made outside of any round', { ...BUILT, round: null }],
    ['failed outside of any round', { ...FAILED, round: null }],
    ['without a log', { ...BUILT, logSha256: null }],
    ['failed without a log', { ...FAILED, logSha256: null }],
    ['by an agent from a checkout', { ...BUILT, agentDigest: null }],
    ['failed by an agent from a checkout', { ...FAILED, agentDigest: null }],
    ['without inputs and readings', { ...BUILT, inputs: {}, published: [] }],
    [
      'of unknown size',
      { ...BUILT, outputs: BUILT.outputs.map((o) => ({ ...o, sizeBytes: null })) },
    ],
  ])('%s comes back as it was', (_what, result) => {
    expect(sent(resultStatement(result))).toEqual(result);
  });

  test('of anything that can be built comes back as it was', () => {
    const digest = fc.uint8Array({ maxLength: 8 }).map((bytes) => sha256(bytes));
    const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+~-]{0,20}$/);
    const output = fc.record({
      name: word,
      path: word,
      sha256: digest,
      sizeBytes: fc.option(fc.nat()),
    });
    const fact = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
      fc.boolean(),
      fc.constant(null),
    );
    const resultArb = fc.record({
      outputs: fc.uniqueArray(output, {
        maxLength: 5,
        minLength: 1,
        selector: ({ name, path }) => `${name} ${path}`,
        comparator: (a, b) => a.split(' ').some((part) => b.split(' ').includes(part)),
      }),
      facts: fc.dictionary(word, fact, { noNullPrototype: true }),
      salt: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toBase64),
    });
    fc.assert(
      fc.property(resultArb, ({ outputs, facts, salt }) => {
        const environment = { ...BUILT.environment, facts };
        const back = sent(resultStatement({ ...BUILT, outputs, salt, environment }));
        const sorted = outputs.toSorted((a, b) => (a.path < b.path ? -1 : 1));
        expect(back).toEqual({ ...BUILT, outputs: sorted, salt, environment });
      }),
    );
  });

  test('is one statement, whatever order its outputs and inputs are listed in', () => {
    const reversed = {
      ...BUILT,
      outputs: BUILT.outputs.toReversed(),
      inputs: Object.fromEntries(Object.entries(BUILT.inputs).toReversed()),
    };
    expect(canonicalJson(resultStatement(reversed))).toBe(canonicalJson(resultStatement(BUILT)));
  });

  test('names what came out by release and path, for tools that match by name or digest', () => {
    const { subject } = resultStatement(BUILT);
    expect(subject.map(({ name }) => name)).toEqual(
      RELEASE.artifacts.map(({ path }) => `${RELEASE.name}/${path}`),
    );
  });
});

describe('a result is refused', () => {
  test('in which an artifact stands twice: a later digest must not replace an earlier one', () => {
    const statement = resultStatement(BUILT);
    const [first] = statement.subject;
    const twice = { ...first!, digest: { sha256: sha256('other') } };
    expect(() => readResult({ ...statement, subject: [...statement.subject, twice] })).toThrow(
      malformed,
    );
    const renamed = { ...twice, name: `${first!.name ?? ''}2` };
    expect(() => readResult({ ...statement, subject: [first!, renamed] })).toThrow(malformed);
    const repathed = { ...first!, annotations: { artifact: 'other', sizeBytes: 1 } };
    expect(() => readResult({ ...statement, subject: [first!, repathed] })).toThrow(malformed);
  });

  test('in which an input stands twice', () => {
    const text = canonicalJson(resultStatement(BUILT));
    expect(() =>
      sent(JSON.parse(text.replace('"name":"source"', '"name":"build-script"')) as Statement),
    ).toThrow(malformed);
  });

  test('whose subject is of another release', () => {
    const { name } = RELEASE;
    const one = edited(BUILT, `"${name}/guest-os`, '"ic/other/guest-os');
    expect(() => sent(one)).toThrow(wrongRelease);
    expect(() => sent(edited(BUILT, `"${name}/`, `"${name}x/`))).toThrow(wrongRelease);
    const failed = resultStatement(FAILED);
    expect(() =>
      sent({ ...failed, subject: [{ ...failed.subject[0], name: 'ic/other' }] }),
    ).toThrow(wrongRelease);
    const digest = { gitCommit: 'f'.repeat(40) };
    expect(() => sent({ ...failed, subject: [{ ...failed.subject[0], digest }] })).toThrow(
      wrongRelease,
    );
  });

  test('whose source is another commit than its release', () => {
    const other = `"gitCommit":"${'f'.repeat(40)}","gitTree"`;
    const { gitCommit = '' } = RELEASE.source.digest;
    expect(() => sent(edited(BUILT, `"gitCommit":"${gitCommit}","gitTree"`, other))).toThrow(
      wrongRelease,
    );
    // A release that is named by something else than a commit has other digests to hold against it.
    const foreign = { ...BUILT, inputs: { source: { sha256: sha256('tarball') } } };
    expect(sent(resultStatement(foreign))).toEqual(foreign);
  });

  test.each<[string, Result, string, string]>([
    ['artifact name holds a line break', BUILT, '"artifact":"guestos/', '"artifact":"\\nguestos/'],
    [
      'artifact name holds a bidi mark',
      BUILT,
      '"artifact":"guestos/',
      '"artifact":"\\u202eguestos/',
    ],
    ['artifact path holds an escape', BUILT, '/guest-os/', '/\\u001b[31m/'],
    ['artifact path holds a line separator', BUILT, '/guest-os/', '/\\u2028/'],
    ['failure class holds an escape', FAILED, 'out-of-space', 'out\\u001b-of-space'],
    ['failure class holds half a surrogate pair', FAILED, 'out-of-space', 'out\\ud800-of-space'],
    ['fact name holds a line break', BUILT, '"os.name"', '"os\\nname"'],
    ['fact name holds half a surrogate pair', BUILT, '"os.name"', '"os\\udc00name"'],
    ['fact holds half a surrogate pair', BUILT, 'Debian', '\\uD83E'],
    ['error code holds an escape', BUILT, 'NOT_FOUND', '\\u009b31m'],
    ['agent version holds a line break', BUILT, '"agent":"0.1.0"', '"agent":"0.1.0\\n"'],
    ['agent file has no sha256', BUILT, sha256('repro-quorum.mjs'), 'sha256'],
    [
      'agent file has another digest',
      BUILT,
      '"builderDependencies":[{"digest":{"sha256":',
      '"builderDependencies":[{"digest":{"sha512":',
    ],
    ['agent file has another name', BUILT, '"name":"repro-quorum.mjs"', '"name":"other.mjs"'],
    [
      'agent is two files',
      BUILT,
      '"builderDependencies":[',
      `"builderDependencies":[{"digest":{"sha256":"${sha256('other')}"},"name":"repro-quorum.mjs"},`,
    ],
    ['agent file is not told', BUILT, '"builderDependencies"', '"dependencies"'],
    ['failed build’s agent file is not told', FAILED, '"agentDigest"', '"agent"'],
    ['builder is no id', BUILT, `builders/${BUILT.builder}`, 'builders/../x'],
    [
      'builder is somebody else’s URL',
      BUILT,
      'https://repro-quorum.dev/ns/builders/',
      'https://evil.example/',
    ],
    ['build type is another', BUILT, 'ns/rebuild/v1', 'ns/rebuild/v2'],
    ['time is no time', BUILT, '2026-01-02T03:04:05.000Z', 'yesterday'],
    ['digest is upper case', BUILT, sha256('guestos/update-img'), 'A'.repeat(64)],
    ['log has no sha256', BUILT, sha256('log'), 'sha256'],
    ['failed build’s log has no sha256', FAILED, sha256('log'), 'A'.repeat(64)],
    ['size is negative', BUILT, '"sizeBytes":1000', '"sizeBytes":-1'],
    ['salt is short', BUILT, BUILT.salt, 'AAAA'],
    ['salt has stray bits', BUILT, BUILT.salt, `${'A'.repeat(42)}B=`],
    ['stage is unknown', FAILED, '"stage":"build"', '"stage":"lunch"'],
    ['result is a pass', FAILED, '"FAILED"', '"PASSED"'],
    ['failed test is another failure', FAILED, '"build/out-of-space"', '"source/network"'],
  ])('whose %s', (_what, result, find, replace) => {
    const text = canonicalJson(resultStatement(result));
    expect(text).toContain(find);
    const payload = Buffer.from(text.replaceAll(find, replace));
    expect(() => readResult(parseStatement(payload))).toThrow(malformed);
  });

  test('that is no result', () => {
    const statement = { ...resultStatement(BUILT), predicateType: '\u001b[2Jhello' };
    expect(() => readResult(statement)).toThrow(expect.objectContaining({ code: 'WRONG_KIND' }));
    expect(() => readResult(statement)).toThrow(/^statement is "\\u001b\[2Jhello":/);
  });
});

describe('a failure', () => {
  test('with a message cut amid a character is mended, so that it can be signed', () => {
    const cut = '💥'.slice(0, 1);
    const statement = resultStatement({ ...FAILED, message: `no space ${cut}` });
    expect(sent(statement)).toMatchObject({ message: 'no space \ufffd' });
    const [published] = BUILT.published.slice(1);
    const error = { code: 'HTTP', message: cut };
    const built = resultStatement({ ...BUILT, published: [{ ...published!, error }] });
    expect(sent(built)).toMatchObject({ published: [{ error: { message: '\ufffd' } }] });
  });

  test('that no reader would take is not made', () => {
    expect(() => resultStatement({ ...FAILED, message: 'x'.repeat(501) })).toThrow(malformed);
    for (const word of ['a\nb', '', 'Out-of-space', 'kein platz', 'é', 'c'.repeat(65)]) {
      expect(() => resultStatement({ ...FAILED, class: word })).toThrow(malformed);
    }
  });

  test('of the longest class comes back', () => {
    const result = { ...FAILED, class: 'c'.repeat(64) };
    expect(sent(resultStatement(result))).toEqual(result);
  });
});
