import { describe, expect, test } from 'vitest';
import { createSigstore } from '../../../e2e/world/sigstore/index.js';
import { QUESTION, RUN } from './question.fixture.js';
import { verifyProvenance } from './verify-provenance.js';

const sigstore = await createSigstore();
const { trustedRoot } = sigstore;
const good = await sigstore.attest(RUN);
const bad = await sigstore.attest({ ...RUN, fault: 'foreign-key' });
const line = JSON.stringify(good);

const ask = (bundles: unknown) => verifyProvenance({ ...QUESTION, bundles, trustedRoot });
const MEBIBYTE = 1024 * 1024;

describe('bundles are found', () => {
  test.for<[string, unknown]>([
    ['alone, parsed', good],
    ['alone, as text', line],
    ['alone, printed over many lines', JSON.stringify(good, null, 2)],
    ['in a list', [bad, good]],
    ['in a list of texts', [JSON.stringify(bad), line]],
    ['on lines, as gh attestation download writes them', `${JSON.stringify(bad)}\n${line}\n`],
    ['on lines that end as on Windows', `${JSON.stringify(bad)}\r\n${line}\r\n`],
    ['behind junk', `# attestations\n{"mediaType":\n[]\nnull\n"x"\n\n${line}\n{`],
    ["in the answer of GitHub's API", { attestations: [{ bundle: bad }, { bundle: good }] }],
    ['in that answer as text', JSON.stringify({ attestations: [{ bundle: good }] }, null, 2)],
    [
      'beside what else that answer tells',
      {
        attestations: [
          { bundle: null, bundle_url: 'https://x' },
          { bundle: good, initiator: 'u' },
        ],
      },
    ],
    ['in a record of that answer', { bundle: good, repository_id: 1 }],
  ])('%s', ([, bundles]) => {
    expect(ask(bundles)).toHaveProperty('state', 'confirmed');
  });
});

describe('no bundle is a fact', () => {
  test.for<[string, unknown]>([
    ['an empty text', ''],
    ['line breaks', '\n\r\n\n'],
    ['an empty list', []],
    ['an empty answer', { attestations: [] }],
    ['an empty answer as text', '{"attestations":[]}'],
  ])('%s', ([, bundles]) => {
    expect(ask(bundles)).toEqual({ state: 'absent' });
  });
});

describe('what is no bundle is refused as one', () => {
  const cycle: Record<string, unknown> = {};
  cycle['bundle'] = { cycle };
  const throwing = {
    get mediaType(): string {
      throw new Error('asked');
    },
  };
  test.for<[string, unknown]>([
    ['junk', 'no JSON at all'],
    ['null', null],
    ['undefined', undefined],
    ['a number', 7],
    ['a text in quotes', '"mediaType"'],
    ['an empty object', {}],
    ['a function', () => good],
    ['an answer that is no list', { attestations: { bundle: good } }],
    ['a record without its bundle', { bundle: null, bundle_url: 'https://x' }],
    ['a cycle', cycle],
    ['a getter that throws', throwing],
    ['a bigint', { mediaType: 1n }],
    ['deep nesting', '['.repeat(100_000)],
    [
      'deep nesting that ends',
      { mediaType: JSON.parse('['.repeat(5000) + ']'.repeat(5000)) as unknown },
    ],
    ['a bundle of over 1 MiB', { ...good, mediaType: 'x'.repeat(MEBIBYTE) }],
    ['a prototype in place of fields', `{"__proto__":${line}}`],
    ['a prototype beside fields', line.replace('{', '{"__proto__":{"x":1},')],
    ['a field that is unknown', { ...good, note: 'hello' }],
    ['a bundle of another version', { ...good, mediaType: good.mediaType.replace('3', '2') }],
  ])('%s', ([, bundles]) => {
    expect(ask(bundles)).toMatchObject({ state: 'refused', code: 'malformed-bundle' });
  });

  test('a JSON form of its own does not make an object another one', () => {
    expect(ask({ ...bad, toJSON: () => ({}) })).toHaveProperty('state', 'refused');
  });
});

describe('what is too much is not looked at', () => {
  test.for<[string, unknown]>([
    ['a text of over 16 MiB', ' '.repeat(16 * MEBIBYTE + 1)],
    ['more than 100 lines', `${line}\n`.repeat(101).replaceAll('"sig"', '"gis"')],
    ['more than 100 of a list', Array.from({ length: 101 }, () => ({}))],
    ['lists in lists', Array.from({ length: 20 }, () => Array.from({ length: 20 }, () => ({})))],
  ])('%s', ([, bundles]) => {
    expect(() => ask(bundles)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });

  test('16 MiB of line breaks cost no more than a walk over them', () => {
    expect(ask('\n'.repeat(16 * MEBIBYTE))).toEqual({ state: 'absent' });
  });
});

test('messages show nothing hostile bare', () => {
  const verdict = ask({ ...good, '\u001b[2J\nstate: confirmed': 1 });
  expect(verdict).toMatchObject({ state: 'refused' });
  expect(JSON.stringify(verdict)).not.toContain('\u001b');
  expect(verdict).toHaveProperty('message', expect.not.stringMatching(/\p{Cc}/u));
});
