import { quote } from '#libs/encoding';
import { ProvenanceError } from './error.js';

/** Which runs of GitHub Actions are believed. Everything is compared whole, never by pattern. */
export interface ProvenancePolicy {
  /** `owner/name` on github.com, spelt as GitHub spells it. */
  readonly repository: string;
  /** Who vouches for the identity of a run. */
  readonly issuer: string;
  /** At least one. */
  readonly builds: readonly BuildRule[];
}

/** One way in which a release is built. */
export interface BuildRule {
  /** The workflow that the run was started as, by its path in the repository. */
  readonly workflow: string;
  /** The workflows whose jobs may attest in such a run, by their paths in the repository. */
  readonly signers: readonly string[];
  readonly branches: readonly BranchRule[];
}

/** A branch by its name; or all whose names go on after `prefix` within one path segment. */
export type BranchRule = { readonly name: string } | { readonly prefix: string };

const CI_MAIN = '.github/workflows/ci-main.yml';
const RELEASE_TESTING = '.github/workflows/release-testing.yml';
const CI_KICKOFF = '.github/workflows/ci-kickoff.yml';

// In the first fortnight the started workflow attested by a job of its own, then the jobs of
// ci-main that upload.
const RELEASE: BuildRule = {
  workflow: RELEASE_TESTING,
  signers: [CI_MAIN, RELEASE_TESTING],
  branches: [{ prefix: 'rc--' }, { prefix: 'hotfix-' }],
};
const MASTER: BuildRule = {
  workflow: CI_KICKOFF,
  signers: [CI_MAIN, CI_KICKOFF],
  branches: [{ name: 'master' }],
};
const DFINITY = {
  repository: 'dfinity/ic',
  issuer: 'https://token.actions.githubusercontent.com',
} as const;

/**
 * Whose attestations are believed of dfinity/ic. `election`: what a proposal elects comes from a
 * release branch. `commit`: who asks for a bare commit may mean one of master.
 *
 * The branch is asked for because workflows can be started on any, and also run for pull requests:
 * without it, whoever may start one attests what nobody has reviewed.
 *
 * Source: dfinity/ic ci/scripts/fetch-attested-sums.sh@3318d138; pull requests #11323, #11324,
 * #11569, #11624
 */
export const DFINITY_POLICY: Readonly<Record<'election' | 'commit', ProvenancePolicy>> = {
  election: { ...DFINITY, builds: [RELEASE] },
  commit: { ...DFINITY, builds: [RELEASE, MASTER] },
};

const WORKFLOW = /^\.github\/workflows\/[A-Za-z0-9_-][A-Za-z0-9._-]*\.ya?ml$/;
const BRANCH = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * Checks that a policy lets no run through by accident: an empty prefix would be every branch.
 *
 * @throws ProvenanceError BAD_REQUEST
 */
export function checkPolicy({ repository, issuer, builds }: ProvenancePolicy): void {
  if (!/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(repository)) {
    throw badPolicy(repository, 'a repository as owner/name');
  }
  if (!/^https:\/\/[a-z0-9./-]+$/.test(issuer)) throw badPolicy(issuer, 'an https issuer');
  const isEmpty = builds.some(({ signers, branches }) => !signers.length || !branches.length);
  if (builds.length === 0 || isEmpty) {
    throw new ProvenanceError(
      'BAD_REQUEST',
      'a policy needs builds, each with signers and branches',
    );
  }
  for (const { workflow, signers, branches } of builds) {
    for (const path of [workflow, ...signers]) {
      if (!WORKFLOW.test(path)) throw badPolicy(path, 'a path such as .github/workflows/a.yml');
    }
    for (const rule of branches) {
      const text = 'name' in rule ? rule.name : rule.prefix;
      if (!BRANCH.test(text)) throw badPolicy(text, 'a branch, or a prefix of at least one letter');
    }
  }
}

/** Tells whether a ref is a branch of this rule; tags and pull requests never are. */
export function isOnBranch(ref: string, rule: BranchRule): boolean {
  if ('name' in rule) return ref === `refs/heads/${rule.name}`;
  const head = `refs/heads/${rule.prefix}`;
  return ref.startsWith(head) && /^[A-Za-z0-9._-]+$/.test(ref.slice(head.length));
}

function badPolicy(found: string, expected: string): ProvenanceError {
  return new ProvenanceError('BAD_REQUEST', `policy says ${quote(found)}: expected ${expected}`);
}
