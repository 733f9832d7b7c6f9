import type { CommitId, Sha256 } from '#libs/encoding';
import { describe, expect, test } from 'vitest';
import { DFINITY_POLICY, isOnBranch, type ProvenancePolicy } from './policy.js';
import { QUESTION, SUMS } from './question.fixture.js';
import { toQuestion, type ProvenanceRequest } from './request.js';

const { election } = DFINITY_POLICY;
const [release] = election.builds;
const take = (changes: Partial<ProvenanceRequest>) => () =>
  toQuestion({ ...QUESTION, bundles: [], trustedRoot: {}, ...changes });
const badRequest: unknown = expect.objectContaining({ code: 'BAD_REQUEST' });

test('the name that is asked for is the path on the CDN', () => {
  expect(take({})().subjectName).toBe(`ic/${QUESTION.commit}/guest-os/update-img/SHA256SUMS`);
});

describe('what could be read as another question is refused', () => {
  test.for([
    '',
    'SHA256SUMS',
    '/guest-os/SHA256SUMS',
    'guest-os//SHA256SUMS',
    'guest-os/./SHA256SUMS',
    '../other/guest-os/SHA256SUMS',
    'guest-os/update-img',
    'guest-os/update-img/SHA256SUMS/',
    'guest-os/update-img/SHA256SUMS.txt',
    'guest os/SHA256SUMS',
    'guest-os\n/SHA256SUMS',
    `${'a'.repeat(200)}/SHA256SUMS`,
  ])('the path %j', (path) => {
    expect(take({ sums: { ...SUMS, path } })).toThrow(badRequest);
  });

  test('a commit that is a branch', () => {
    expect(take({ commit: 'master' as CommitId })).toThrow(badRequest);
  });

  test('a digest in capitals', () => {
    const sha256 = SUMS.sha256.toUpperCase() as Sha256;
    expect(take({ sums: { ...SUMS, sha256 } })).toThrow(badRequest);
  });
});

describe('a policy that lets more through than it says is refused', () => {
  test.for<[string, ProvenancePolicy]>([
    ['no build', { ...election, builds: [] }],
    ['no signer', { ...election, builds: [{ ...release!, signers: [] }] }],
    ['no branch', { ...election, builds: [{ ...release!, branches: [] }] }],
    ['every branch', { ...election, builds: [{ ...release!, branches: [{ prefix: '' }] }] }],
    ['a branch of slashes', { ...election, builds: [{ ...release!, branches: [{ name: '/' }] }] }],
    ['a pattern', { ...election, builds: [{ ...release!, workflow: '.github/workflows/*.yml' }] }],
    ['a way out', { ...election, builds: [{ ...release!, signers: ['../x.yml'] }] }],
    ['an owner alone', { ...election, repository: 'dfinity' }],
    ['a longer path', { ...election, repository: 'dfinity/ic/x' }],
    ['an issuer without TLS', { ...election, issuer: 'http://example.com' }],
  ])('%s', ([, policy]) => {
    expect(take({ policy })).toThrow(badRequest);
  });

  test.for(Object.entries(DFINITY_POLICY))('but not %s', ([, policy]) => {
    expect(take({ policy })).not.toThrow();
  });
});

test.for<[string, boolean]>([
  ['refs/heads/rc--1', true],
  ['refs/heads/rc--', false],
  ['refs/heads/rc--1/2', false],
  ['refs/heads/rc--1\n', false],
  ['refs/heads/rc--é', false],
  ['refs/heads/xrc--1', false],
  ['refs/tags/rc--1', false],
  ['rc--1', false],
  ['', false],
])('%j is a release branch: %s', ([ref, expected]) => {
  expect(isOnBranch(ref, { prefix: 'rc--' })).toBe(expected);
});
