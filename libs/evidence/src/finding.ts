/** What can be said against a bundle, or of it. The docs tell each: docs/bundle.md. */
export const FINDING_CODES = [
  // The file.
  'not-a-bundle',
  'too-large',
  'line-malformed',
  'line-unknown',
  'line-repeated',
  'entry-repeated',
  // The log.
  'checkpoint-missing',
  'checkpoint-wrong',
  'proof-missing',
  'proof-wrong',
  'leaf-missing',
  'consistency-missing',
  'log-inconsistent',
  'log-forked',
  'predecessor',
  'predecessor-unsound',
  // What is signed.
  'signature-wrong',
  'statement-malformed',
  'kind-wrong',
  'key-record-void',
  'key-unproven',
  'key-inactive',
  'later-revoked',
  // The round.
  'round-missing',
  'round-reopened',
  'before-round-open',
  'not-the-coordinator',
  'roster-unsound',
  'amend-unsound',
  'stranger',
  'signed-as-another',
  'decline-unsound',
  'commit-repeated',
  'commit-copied',
  'commit-late',
  'result-before-close',
  'result-uncommitted',
  'result-repeated',
  'result-late',
  'release-wrong',
  'reveal-unsound',
  'closed-twice',
  'verdict-before-close',
  'verdict-repeated',
  'verdict-false',
  'other-round',
  'countersignature-unsound',
  'answer-void',
  'refused',
  // The proposal.
  'proposal-missing',
  'proposal-wrong',
  'certificate-wrong',
  'expected-unproven',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** Said for information: it happens in honest rounds too, and its weight is in votes and flags. */
const NOTICES: ReadonlySet<FindingCode> = new Set([
  'answer-void',
  'commit-copied',
  'commit-late',
  'result-late',
  'key-record-void',
  'later-revoked',
  'other-round',
  'predecessor',
  'predecessor-unsound',
  'refused',
  'reveal-unsound',
]);

/** One thing that was found, and where. */
export interface Finding {
  readonly code: FindingCode;
  readonly message: string;
  /** Line of the bundle, from 1; null where it is about no one line. */
  readonly line: number | null;
  /** Log index; null where it is about no one entry. */
  readonly index: number | null;
}

/** Tells whether a finding makes the evidence bad, whatever a policy says. */
export function isDamning({ code }: Pick<Finding, 'code'>): boolean {
  return !NOTICES.has(code);
}
