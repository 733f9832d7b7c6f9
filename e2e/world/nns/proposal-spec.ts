/** A launch measurement as a proposal carries it; `measurement` is 96 hexadecimal characters. */
export interface MeasurementSpec {
  readonly kernelCmdline: string;
  readonly measurement: string;
}

interface Election {
  readonly commit: string;
  readonly sha256: string;
  readonly urls: readonly string[];
  readonly unelects?: readonly string[];
}

/** What can be proposed; nothing is checked, so that malformed proposals can be made as well. */
export type ProposalSpec = ProposalTexts & ProposalAction;

interface ProposalTexts {
  readonly title?: string;
  readonly summary?: string;
  readonly url?: string;
}

/** What a proposal does when it is adopted. */
export type ProposalAction =
  /** NNS function 38 as it is now. */
  | (Election & {
      readonly kind: 'elect-guestos';
      readonly measurements?: readonly MeasurementSpec[];
    })
  /** NNS function 38 as it was in 2023-24. */
  | (Election & { readonly kind: 'elect-guestos-2023' })
  /** NNS function 5, of 2021-22. */
  | {
      readonly kind: 'bless';
      readonly commit: string;
      readonly sha256: string;
      readonly packageUrl: string;
    }
  /** NNS function 50, or 40 as it was before. */
  | (Election & { readonly kind: 'elect-hostos'; readonly nnsFunction?: 40 | 50 })
  | {
      readonly kind: 'unelect';
      readonly os: 'guestos' | 'hostos';
      readonly unelects: readonly string[];
    }
  /** NNS function 11. */
  | { readonly kind: 'deploy-to-subnet'; readonly commit: string; readonly subnetId: string }
  /** NNS function 48. */
  | { readonly kind: 'deploy-to-unassigned-nodes'; readonly commit: string }
  /** NNS function 47. */
  | {
      readonly kind: 'deploy-to-api-boundary-nodes';
      readonly commit: string;
      readonly nodeIds: readonly string[];
    }
  /** NNS function 51. */
  | {
      readonly kind: 'deploy-hostos';
      readonly commit: string | null;
      readonly nodeIds: readonly string[];
    }
  | { readonly kind: 'motion'; readonly text: string }
  | { readonly kind: 'upgrade-canister'; readonly canisterId: string }
  | {
      readonly kind: 'raw';
      readonly nnsFunction: number;
      readonly payload: Uint8Array;
      readonly topic?: number;
    };
