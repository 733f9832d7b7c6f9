import { describe, expect, test } from 'vitest';
import { createSigstore } from '../../../e2e/world/sigstore/index.js';
import { QUESTION, RUN } from './question.fixture.js';
import { verifyProvenance } from './verify-provenance.js';

const publicGood = await createSigstore();
const github = await createSigstore({ instance: 'github' });
const stranger = await createSigstore();
const bundles = [await publicGood.attest(RUN)];
const own = publicGood.trustedRoot;
const line = JSON.stringify(own);
const lines = [github, publicGood].map(({ trustedRoot }) => JSON.stringify(trustedRoot)).join('\n');

const ask = (trustedRoot: unknown) => verifyProvenance({ ...QUESTION, bundles, trustedRoot });

describe('a trusted root is read', () => {
  test.for<[string, unknown]>([
    ['parsed', own],
    ['as text', line],
    ['printed over many lines', JSON.stringify(own, null, 2)],
    ['as lines of several, as gh attestation trusted-root writes them', `${lines}\n`],
    ['in a list of several', [github.trustedRoot, own]],
    ['under its newer media type', line.replace('+json;version=0.1', '.v0.2+json')],
    ['beside one of a stranger', [stranger.trustedRoot, own]],
  ])('%s', ([, trustedRoot]) => {
    expect(ask(trustedRoot)).toHaveProperty('state', 'confirmed');
  });
});

describe('a trusted root that is not whole is unusable', () => {
  const { ctlogs, tlogs, ...bare } = own;
  const { timestampAuthorities, ...bareGithub } = github.trustedRoot;
  const authority = { certChain: { certificates: [{ rawBytes: 'AAAA' }] } };

  test.for<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['an empty list', []],
    ['junk', 'trusted'],
    ['junk behind a root', `${line}\njunk`],
    ['a root cut short', line.slice(0, -10)],
    ['a list within', [[own]]],
    ['an empty object', {}],
    ['another media type', { ...own, mediaType: 'application/json' }],
    ['no media type', { ...own, mediaType: undefined }],
    ['no authority', { ...own, certificateAuthorities: [] }],
    ['an authority without certificates', { ...own, certificateAuthorities: [{}] }],
    ['an authority that is no certificate', { ...own, certificateAuthorities: [authority] }],
    ['a transparency log without certificate log', { ...bare, tlogs }],
    ['a certificate log without transparency log', { ...bare, ctlogs }],
    ['neither logs nor timestamps', bareGithub],
    ['a log without a key', { ...own, tlogs: [{ logId: { keyId: 'AAAA' } }] }],
    ['an authority that is no object', { ...own, timestampAuthorities: [timestampAuthorities] }],
    ['17 roots', Array.from({ length: 17 }, () => own)],
    ['over 4 MiB', ' '.repeat(4 * 1024 * 1024 + 1)],
  ])('%s', ([, trustedRoot]) => {
    expect(() => ask(trustedRoot)).toThrow(expect.objectContaining({ code: 'BAD_TRUSTED_ROOT' }));
  });
});

describe('roots do not stand in for one another', () => {
  test("a timestamp of one's authority does not replace the other's logs", async () => {
    const merged = [own, { ...github.trustedRoot }];
    const unlogged = [await publicGood.attest({ ...RUN, fault: 'not-logged' })];
    const stamped = await github.attest(RUN);
    const [bundle] = unlogged;
    const verificationMaterial = {
      ...bundle!.verificationMaterial,
      timestampVerificationData: stamped.verificationMaterial.timestampVerificationData,
    };
    const verdict = verifyProvenance({
      ...QUESTION,
      bundles: { ...bundle!, verificationMaterial },
      trustedRoot: merged,
    });
    expect(verdict).toMatchObject({ state: 'refused', code: 'not-in-log' });
  });

  test("a stranger's logs do not serve for our authority", () => {
    const { tlogs, ctlogs } = stranger.trustedRoot;
    expect(ask({ ...own, tlogs })).toMatchObject({ state: 'refused', code: 'not-in-log' });
    expect(ask({ ...own, ctlogs })).toMatchObject({ code: 'not-in-certificate-log' });
  });

  test('an authority that had ended signed nothing', () => {
    const [authority] = own.certificateAuthorities;
    const validFor = { start: '2021-01-01T00:00:00Z', end: '2022-01-01T00:00:00Z' };
    const ended = { ...own, certificateAuthorities: [{ ...authority, validFor }] };
    expect(ask(ended)).toMatchObject({ state: 'refused', code: 'expired-certificate' });
  });

  test('a log that had ended holds nothing', () => {
    const [log] = own.tlogs ?? [];
    const validFor = { start: '2021-01-01T00:00:00Z', end: '2022-01-01T00:00:00Z' };
    const ended = { ...own, tlogs: [{ ...log!, publicKey: { ...log!.publicKey, validFor } }] };
    expect(ask(ended)).toMatchObject({ state: 'refused', code: 'not-in-log' });
  });
});
