/**
 * Why a bundle proves nothing here, in the order in which it is asked: the later the reason, the
 * more of the bundle held.
 * - `malformed-bundle`: not a Sigstore bundle of version 0.3, or with anything unsigned in it that
 *   has a second reading
 * - `untrusted-root`: its certificate is of no authority in the trusted root
 * - `no-trusted-time`: nobody in the trusted root says when it was signed
 * - `expired-certificate`: signed while the certificate or its authority was not valid
 * - `not-in-certificate-log`: no trusted log has promised to show the certificate
 * - `not-in-log`: no trusted transparency log holds this envelope
 * - `bad-signature`: the envelope is signed by another key than the certificate's
 * - `malformed-certificate`: what it claims cannot be read in exactly one way
 * - `wrong-statement`: signed, but no SLSA provenance in an in-toto statement
 * - `wrong-issuer`: the identity was not vouched for by GitHub Actions
 * - `wrong-repository`: built from the source of another repository
 * - `wrong-workflow`: the run's own workflow is none that releases are built by
 * - `wrong-signer`: the attesting job is of another workflow, or of another commit's
 * - `wrong-ref`: run on a branch that the workflow's releases do not come from
 * - `wrong-commit`: built from another commit
 * - `wrong-digest`: no file of this digest was attested
 * - `ambiguous-subject`: the file is attested with this digest and another one
 * - `wrong-subject-name`: this digest was attested, but as another file
 */
export const REFUSAL_CODES = [
  'malformed-bundle',
  'untrusted-root',
  'no-trusted-time',
  'expired-certificate',
  'not-in-certificate-log',
  'not-in-log',
  'bad-signature',
  'malformed-certificate',
  'wrong-statement',
  'wrong-issuer',
  'wrong-repository',
  'wrong-workflow',
  'wrong-signer',
  'wrong-ref',
  'wrong-commit',
  'wrong-digest',
  'ambiguous-subject',
  'wrong-subject-name',
] as const;

/** A reason of {@link REFUSAL_CODES}. */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Leaves the examination of one bundle; it never leaves this lib. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: RefusalCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Picks the refusal of the bundle that held longest; the first of equals. */
export function mostTelling(refusals: readonly [Refusal, ...Refusal[]]): Refusal {
  return refusals.reduce((best, next) => (depth(next) > depth(best) ? next : best));
}

function depth({ code }: Refusal): number {
  return REFUSAL_CODES.indexOf(code);
}
