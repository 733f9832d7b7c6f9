import type { Claims } from './claims.js';

/** What a run of GitHub Actions attests, and how that departs from the usual. */
export interface Attestation {
  /** As `actions/attest` reads them from a checksum file. */
  readonly subjects: readonly Subject[];
  /** 40 hex */
  readonly commit: string;
  /** Default `refs/heads/rc--2026-09-17_03-31`. */
  readonly ref?: string;
  /** Default `dfinity/ic`. */
  readonly repository?: string;
  /** The run's own workflow; default `.github/workflows/release-testing.yml`. */
  readonly workflow?: string;
  /** The workflow that holds the attesting job; default `.github/workflows/ci-main.yml`. */
  readonly signerWorkflow?: string;
  /** Claims to state otherwise; null leaves one out. */
  readonly claims?: Partial<Readonly<Record<keyof Claims, string | null>>>;
  /** The certificate's name; default the signer's URI. */
  readonly subjectAltName?: string;
  /** Signed in place of the statement about `subjects`. */
  readonly payload?: string;
  readonly payloadType?: string;
  readonly statementType?: string;
  readonly predicateType?: string;
  /** One thing that goes wrong while signing. */
  readonly fault?: AttestationFault;
}

/** A file of the build, under the name that it is published by. */
export interface Subject {
  readonly name: string;
  readonly sha256: string;
}

/**
 * - `foreign-key`: signed by another key than the certificate's
 * - `foreign-log`, `foreign-certificate-log`, `foreign-timestamp`: witnessed by a stranger
 * - `not-logged`, `certificate-not-logged`, `not-timestamped`: not witnessed
 * - `late`: witnessed an hour after the certificate ended
 */
export type AttestationFault =
  | 'foreign-key'
  | 'foreign-log'
  | 'foreign-certificate-log'
  | 'foreign-timestamp'
  | 'not-logged'
  | 'certificate-not-logged'
  | 'not-timestamped'
  | 'late';

/** The claims of a run that goes as DFINITY's release process has it. */
export function toClaims(attestation: Attestation): Readonly<Record<keyof Claims, string | null>> {
  const {
    commit,
    ref = 'refs/heads/rc--2026-09-17_03-31',
    repository = 'dfinity/ic',
    workflow = '.github/workflows/release-testing.yml',
    signerWorkflow = '.github/workflows/ci-main.yml',
  } = attestation;
  const home = `https://github.com/${repository}`;
  const issuer = 'https://token.actions.githubusercontent.com';
  return {
    legacyIssuer: issuer,
    legacyTrigger: 'push',
    legacyCommit: commit,
    legacyWorkflowName: 'Release Testing',
    legacyRepository: repository,
    legacyRef: ref,
    issuer,
    signerUri: `${home}/${signerWorkflow}@${ref}`,
    signerCommit: commit,
    runner: 'self-hosted',
    repositoryUri: home,
    commit,
    ref,
    repositoryId: '1000001',
    ownerUri: `https://github.com/${repository.split('/')[0] ?? ''}`,
    ownerId: '1000002',
    configUri: `${home}/${workflow}@${ref}`,
    configCommit: commit,
    trigger: 'push',
    runUrl: `${home}/actions/runs/1000003/attempts/1`,
    visibility: 'public',
    ...attestation.claims,
  };
}
