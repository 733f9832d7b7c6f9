import type { AuditOutcome, FindingCode } from '#libs/evidence';

/** Whom a reader trusts, as the form and the trust set say it. All of it is typed by people. */
export interface PolicyInput {
  /** Verifier key of the log. */
  readonly vkey: string;
  readonly operators: readonly {
    readonly operator: string;
    readonly builders: readonly string[];
  }[];
  readonly threshold: string;
  /** A C2SP tlog-policy; empty to ask for no cosignatures. */
  readonly witnesses: string;
  /** DER as hexadecimal; empty for the Internet Computer's. */
  readonly nnsRootKey: string;
  /** A whole policy file, YAML or JSON, in place of all of the above; empty for none. */
  readonly file: string;
}

/** What a page has verified: the evidence of a decided round, or one entry of the log. */
export type Question =
  | { readonly kind: 'round'; readonly round: string; readonly policy: PolicyInput }
  | {
      readonly kind: 'entry';
      /** Digest of the envelope. */
      readonly sha256: string;
      /** Verifier key of the log. */
      readonly vkey: string;
      /** Who signed: base64 of 32 bytes; empty to look for the key. */
      readonly signer: string;
    };

/** How a step came out; `unreached` where something before it failed. */
export type StepState = 'holds' | 'fails' | 'unasked' | 'unreached';

/** Something that was found, by its name. */
export interface NamedFinding {
  readonly code: FindingCode;
  readonly message: string;
  /** Where, in words; empty where it is about no one place. */
  readonly where: string;
  /** Whether it makes the evidence bad. */
  readonly isDamning: boolean;
}

/** One step of verifying. */
export interface Step {
  readonly title: string;
  readonly state: StepState;
  readonly said: string;
  /** At most 20 of them. */
  readonly findings: readonly NamedFinding[];
  /** How many more there are. */
  readonly more: number;
}

/** What came of verifying. */
export interface Verified {
  readonly outcome: AuditOutcome;
  readonly steps: readonly Step[];
  /** The policy that was applied, as a file for the command line; null where none was. */
  readonly policy: string | null;
}

/** What the worker tells the page. */
export type Told =
  | { readonly kind: 'fetching'; readonly bytes: number }
  | { readonly kind: 'verifying'; readonly entries: number }
  | { readonly kind: 'done'; readonly verified: Verified }
  | { readonly kind: 'failed'; readonly why: string; readonly advice: string };
