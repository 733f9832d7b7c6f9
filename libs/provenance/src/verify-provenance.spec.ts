import { describe, expect, test } from 'vitest';
import {
  createSigstore,
  type Attestation,
  type AttestationFault,
} from '../../../e2e/world/sigstore/index.js';
import { DFINITY_POLICY } from './policy.js';
import { OTHER_COMMIT, QUESTION, RUN, subjectsOf, SUMS } from './question.fixture.js';
import type { RefusalCode } from './refusal.js';
import { verifyProvenance } from './verify-provenance.js';

const publicGood = await createSigstore();
const github = await createSigstore({ instance: 'github' });

const ask = async (run: Partial<Attestation>, policy = DFINITY_POLICY.election) => {
  const bundles = [await publicGood.attest({ ...RUN, ...run })];
  return verifyProvenance({ ...QUESTION, policy, bundles, trustedRoot: publicGood.trustedRoot });
};
const refused = (code: RefusalCode): unknown => expect.objectContaining({ state: 'refused', code });
const confirmed: unknown = expect.objectContaining({ state: 'confirmed' });

describe('an attestation by the release process', () => {
  test('is confirmed, with what its certificate says', async () => {
    expect(await ask({})).toEqual({
      state: 'confirmed',
      subject: `ic/${RUN.commit}/guest-os/update-img/SHA256SUMS`,
      facts: {
        repository: 'https://github.com/dfinity/ic',
        commit: RUN.commit,
        ref: 'refs/heads/rc--2026-09-17_03-31',
        workflow: '.github/workflows/release-testing.yml',
        signerWorkflow: '.github/workflows/ci-main.yml',
        issuer: 'https://token.actions.githubusercontent.com',
        trigger: 'push',
        runUrl: 'https://github.com/dfinity/ic/actions/runs/1000003/attempts/1',
        runner: 'self-hosted',
        certificate: {
          serialNumber: expect.stringMatching(/^[0-9a-f]+$/) as string,
          notBefore: expect.stringMatching(/Z$/) as string,
          notAfter: expect.stringMatching(/Z$/) as string,
        },
        witness: {
          kind: 'transparency-log',
          at: expect.stringMatching(/Z$/) as string,
          log: 'https://rekor.stand-in.test',
          index: expect.stringMatching(/^\d+$/) as string,
        },
      },
    });
  });

  test('holds by a timestamp alone where the trusted root knows no log', async () => {
    const bundles = [await github.attest(RUN)];
    const verdict = verifyProvenance({ ...QUESTION, bundles, trustedRoot: github.trustedRoot });
    expect(verdict).toMatchObject({
      state: 'confirmed',
      facts: { witness: { kind: 'timestamp-authority' } },
    });
  });

  test('may be signed by the started workflow itself, as in the first fortnight', async () => {
    const signerWorkflow = '.github/workflows/release-testing.yml';
    expect(await ask({ signerWorkflow })).toEqual(confirmed);
  });

  test.for(['refs/heads/rc--x', 'refs/heads/hotfix-2026-09-17'])('may be of %s', async (ref) => {
    expect(await ask({ ref })).toEqual(confirmed);
  });

  test('of master is enough for a bare commit, and not for an election', async () => {
    const run = { ref: 'refs/heads/master', workflow: '.github/workflows/ci-kickoff.yml' };
    expect(await ask(run, DFINITY_POLICY.commit)).toEqual(confirmed);
    expect(await ask(run, DFINITY_POLICY.election)).toEqual(refused('wrong-workflow'));
  });
});

const TAG = 'refs/tags/rc--2026-09-17';
const FORK = 'https://github.com/mallory/ic';
const HOME = 'https://github.com/dfinity/ic';
const CI_MAIN = '.github/workflows/ci-main.yml';
const rc = `@refs/heads/rc--2026-09-17_03-31`;

describe('what departs in one point is refused for that point', () => {
  test.for<[RefusalCode, string, Partial<Attestation>]>([
    ['wrong-issuer', 'another issuer', { claims: { issuer: 'https://accounts.example.com' } }],
    [
      'wrong-issuer',
      "an enterprise's own issuer",
      { claims: { issuer: 'https://token.actions.githubusercontent.com/mallory' } },
    ],
    ['wrong-issuer', 'no issuer', { claims: { issuer: null } }],
    ['wrong-issuer', 'a second issuer', { claims: { legacyIssuer: 'https://example.com' } }],
    ['wrong-repository', 'a fork', { repository: 'mallory/ic' }],
    ['wrong-repository', "a fork's source alone", { claims: { repositoryUri: FORK } }],
    ['wrong-repository', 'another spelling', { claims: { repositoryUri: `${HOME}/` } }],
    ['wrong-repository', 'another case', { claims: { repositoryUri: HOME.toUpperCase() } }],
    ['wrong-repository', 'a repository that ours is the head of', { repository: 'dfinity/ic-os' }],
    ['wrong-repository', 'another owner', { claims: { ownerUri: 'https://github.com/mallory' } }],
    ['wrong-workflow', 'another workflow', { workflow: '.github/workflows/ci-kickoff.yml' }],
    ['wrong-workflow', 'no workflow', { claims: { configUri: null } }],
    ['wrong-workflow', 'a workflow that ours is the head of', { workflow: `${CI_MAIN}.yml` }],
    [
      'wrong-workflow',
      'our workflow on another branch than the source',
      { claims: { configUri: `${HOME}/.github/workflows/release-testing.yml@refs/heads/rc--x` } },
    ],
    ['wrong-workflow', "another commit's workflow", { claims: { configCommit: OTHER_COMMIT } }],
    ['wrong-signer', 'another signer', { signerWorkflow: '.github/workflows/rosetta.yml' }],
    ['wrong-signer', 'a signer that ours is the head of', { signerWorkflow: `${CI_MAIN}-x.yml` }],
    [
      'wrong-signer',
      'a dot that is another letter',
      { signerWorkflow: CI_MAIN.replace('.y', 'xy') },
    ],
    [
      'wrong-signer',
      'our signer at the end of a longer path',
      { claims: { signerUri: `https://evil.test/?${HOME}/${CI_MAIN}${rc}` } },
    ],
    ['wrong-signer', "a fork's signer", { claims: { signerUri: `${FORK}/${CI_MAIN}${rc}` } }],
    ['wrong-signer', 'another name', { subjectAltName: `${FORK}/${CI_MAIN}${rc}` }],
    ['wrong-signer', "another commit's signer", { claims: { signerCommit: OTHER_COMMIT } }],
    ['wrong-ref', 'a pull request', { ref: 'refs/pull/11999/merge' }],
    ['wrong-ref', 'a branch of no release', { ref: 'refs/heads/dev-gh-x' }],
    ['wrong-ref', 'a release branch inside another', { ref: 'refs/heads/mallory/rc--x' }],
    ['wrong-ref', 'a branch below a release branch', { ref: 'refs/heads/rc--x/y' }],
    ['wrong-ref', 'a bare prefix', { ref: 'refs/heads/rc--' }],
    ['wrong-ref', 'a tag', { ref: TAG }],
    ['wrong-ref', 'a merge queue', { ref: 'refs/heads/gh-readonly-queue/rc--x/pr-1' }],
    ['wrong-commit', 'another commit', { commit: OTHER_COMMIT, subjects: RUN.subjects }],
    ['wrong-statement', 'another predicate', { predicateType: 'https://slsa.dev/provenance/v0.2' }],
    [
      'wrong-statement',
      'another statement',
      { statementType: 'https://in-toto.io/Statement/v0.1' },
    ],
    ['wrong-statement', 'another payload', { payloadType: 'text/plain' }],
    ['wrong-statement', 'no JSON', { payload: 'SHA256SUMS' }],
    ['wrong-statement', 'null', { payload: 'null' }],
    ['malformed-certificate', 'control characters', { claims: { trigger: 'pu\u001b[31msh' } }],
  ])('%s: %s', async ([code, , run]) => {
    expect(await ask(run)).toEqual(refused(code));
  });

  test.for<[RefusalCode, AttestationFault]>([
    ['bad-signature', 'foreign-key'],
    ['not-in-log', 'foreign-log'],
    ['not-in-log', 'not-logged'],
    ['not-in-certificate-log', 'foreign-certificate-log'],
    ['not-in-certificate-log', 'certificate-not-logged'],
    ['expired-certificate', 'late'],
  ])('%s: %s', async ([code, fault]) => {
    expect(await ask({ fault })).toEqual(refused(code));
  });

  test.for<[RefusalCode, AttestationFault]>([
    ['no-trusted-time', 'foreign-timestamp'],
    ['no-trusted-time', 'not-timestamped'],
    ['expired-certificate', 'late'],
    ['bad-signature', 'foreign-key'],
  ])("%s under GitHub's own authority: %s", async ([code, fault]) => {
    const bundles = [await github.attest({ ...RUN, fault })];
    const verdict = verifyProvenance({ ...QUESTION, bundles, trustedRoot: github.trustedRoot });
    expect(verdict).toEqual(refused(code));
  });

  test('untrusted-root: a root that somebody made for himself', async () => {
    const bundles = [await (await createSigstore()).attest(RUN)];
    const { trustedRoot } = publicGood;
    expect(verifyProvenance({ ...QUESTION, bundles, trustedRoot })).toEqual(
      refused('untrusted-root'),
    );
  });

  test('wrong-commit: a text that is the commit once its high bits are lost', async () => {
    // U+1C72 is e1 b1 b2, and without the high bits 61 31 32: "a12".
    const commit = RUN.commit.replace('a12', '\u1c72');
    const claims = { commit, signerCommit: commit, configCommit: commit };
    expect(await ask({ claims })).toEqual(refused('wrong-commit'));
  });
});

describe('what a writer to the CDN could serve instead', () => {
  test('wrong-digest: a file that nobody attested', async () => {
    const subjects = [{ name: `ic/${RUN.commit}/${SUMS.path}`, sha256: '00'.repeat(32) }];
    const verdict = await ask({ subjects });
    expect(verdict).toEqual(refused('wrong-digest'));
    expect(verdict).toHaveProperty('message', expect.stringContaining('but "0000'));
  });

  test("wrong-subject-name: another directory's checksum file", async () => {
    const [, dev] = subjectsOf(RUN.commit);
    const subjects = [{ name: dev!.name, sha256: SUMS.sha256 }];
    expect(await ask({ subjects })).toEqual(refused('wrong-subject-name'));
  });

  test("wrong-subject-name: another commit's checksum file in an attestation of ours", async () => {
    const subjects = subjectsOf(OTHER_COMMIT);
    expect(await ask({ subjects })).toEqual(refused('wrong-subject-name'));
  });

  test("wrong-commit: another commit's checksum file with its own attestation", async () => {
    const verdict = await ask({ commit: OTHER_COMMIT, subjects: subjectsOf(OTHER_COMMIT) });
    expect(verdict).toEqual(refused('wrong-commit'));
  });

  test('ambiguous-subject: a name that stands for two files', async () => {
    const [ours] = RUN.subjects;
    const subjects = [ours!, { ...ours!, sha256: '00'.repeat(32) }];
    expect(await ask({ subjects })).toEqual(refused('ambiguous-subject'));
  });

  test('wrong-digest: another spelling of the digest', async () => {
    const subjects = RUN.subjects.map(({ name, sha256 }) => ({
      name,
      sha256: sha256.toUpperCase(),
    }));
    expect(await ask({ subjects })).toEqual(refused('wrong-digest'));
  });
});

test('one bundle that holds is enough, wherever it stands', async () => {
  const bundles = [
    await publicGood.attest({ ...RUN, ref: 'refs/pull/1/merge' }),
    await publicGood.attest(RUN),
    await publicGood.attest({ ...RUN, fault: 'foreign-key' }),
  ];
  const { trustedRoot } = publicGood;
  expect(verifyProvenance({ ...QUESTION, bundles, trustedRoot })).toEqual(confirmed);
});

test('two bundles that each hold in half do not hold together', async () => {
  const [ours, dev] = RUN.subjects;
  const bundles = [
    await publicGood.attest({ ...RUN, subjects: [ours!], ref: 'refs/pull/1/merge' }),
    await publicGood.attest({ ...RUN, subjects: [dev!] }),
  ];
  const { trustedRoot } = publicGood;
  expect(verifyProvenance({ ...QUESTION, bundles, trustedRoot })).toMatchObject({
    state: 'refused',
    code: 'wrong-digest',
    refusals: [{ code: 'wrong-ref' }, { code: 'wrong-digest' }],
  });
});

test('the reason told is that of the bundle that held longest', async () => {
  const bundles = [
    await publicGood.attest({ ...RUN, fault: 'foreign-key' }),
    await publicGood.attest({ ...RUN, ref: TAG }),
    await publicGood.attest({ ...RUN, repository: 'mallory/ic' }),
  ];
  const { trustedRoot } = publicGood;
  expect(verifyProvenance({ ...QUESTION, bundles, trustedRoot })).toMatchObject({
    code: 'wrong-ref',
    refusals: [{ code: 'bad-signature' }, { code: 'wrong-ref' }, { code: 'wrong-repository' }],
  });
});
