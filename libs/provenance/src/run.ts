import { quote } from '#libs/encoding';
import type { Claims } from './claims.js';
import { isOnBranch } from './policy.js';
import { Refusal, type RefusalCode } from './refusal.js';
import type { Question } from './request.js';

/** The run that attested, as far as the policy asks. */
export interface Run {
  readonly workflow: string;
  readonly signerWorkflow: string;
  readonly ref: string;
  readonly repository: string;
}

/**
 * Checks whose run attested: GitHub's word for it, repository, workflow, attesting job, branch and
 * commit. Workflow and attesting job have to be of the very commit that was built: then what they
 * do stands in the source that is checked.
 *
 * @throws Refusal wrong-issuer, wrong-repository, wrong-workflow, wrong-signer, wrong-ref,
 * wrong-commit
 * Source: sigstore/fulcio docs/oid-info.md; dfinity/ic pull request #11569
 */
export function checkRun(claims: Claims, { policy, commit }: Question): Run {
  const home = `https://github.com/${policy.repository}`;
  expect('wrong-issuer', 'identity vouched for by', claims.issuer, [policy.issuer]);
  if (claims.legacyIssuer !== undefined) {
    expect('wrong-issuer', 'identity vouched for by', claims.legacyIssuer, [policy.issuer]);
  }
  expect('wrong-repository', 'built from', claims.repositoryUri, [home]);
  const owner = home.slice(0, home.lastIndexOf('/'));
  expect('wrong-repository', 'built for', claims.ownerUri, [owner]);

  const ref = claims.ref ?? '';
  const uriOf = (workflow: string): string => `${home}/${workflow}@${ref}`;
  const built = policy.builds.filter(({ workflow }) => uriOf(workflow) === claims.configUri);
  const [build] = built;
  if (build === undefined) {
    const known = policy.builds.map(({ workflow }) => uriOf(workflow));
    throw wrong('wrong-workflow', 'run as', claims.configUri, known);
  }
  expect('wrong-workflow', 'run as its workflow is at', claims.configCommit, [claims.commit]);

  const signerWorkflow = build.signers.find((path) => uriOf(path) === claims.signerUri);
  if (signerWorkflow === undefined) {
    throw wrong('wrong-signer', 'attested by', claims.signerUri, build.signers.map(uriOf));
  }
  expect('wrong-signer', 'certificate is for', claims.name, [claims.signerUri]);
  expect('wrong-signer', 'attested by its workflow at', claims.signerCommit, [claims.commit]);

  if (!build.branches.some((rule) => isOnBranch(ref, rule))) {
    const known = build.branches.map((rule) => ('name' in rule ? rule.name : `${rule.prefix}*`));
    throw wrong('wrong-ref', 'built on', claims.ref, known);
  }
  expect('wrong-commit', 'built from', claims.commit, [commit]);
  return { workflow: build.workflow, signerWorkflow, ref, repository: home };
}

function expect(
  code: RefusalCode,
  what: string,
  found: string | undefined,
  allowed: readonly (string | undefined)[],
): void {
  // A claim that is missing equals nothing, not even another one that is missing.
  if (found === undefined || !allowed.includes(found)) throw wrong(code, what, found, allowed);
}

function wrong(
  code: RefusalCode,
  what: string,
  found: string | undefined,
  allowed: readonly (string | undefined)[],
): Refusal {
  const expected = allowed.map((text) => quote(text ?? '')).join(' or ');
  const told = found === undefined ? 'nothing that it names' : quote(found);
  return new Refusal(code, `${what} ${told}: expected ${expected}`);
}
