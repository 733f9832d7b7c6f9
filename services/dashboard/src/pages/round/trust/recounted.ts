import { ConsensusError } from '#libs/consensus';
import {
  trustSetFor,
  trustVerdictOf,
  TrustError,
  type Report,
  type TrustSet,
  type TrustVerdict,
} from '#libs/contracts';

/** What a round comes to for a trust set, or why it cannot be said. */
export type Recounted =
  | { readonly kind: 'verdict'; readonly verdict: TrustVerdict }
  | { readonly kind: 'refused'; readonly why: string };

/** Gives the trust set that an address names: all operators and the round's threshold where it names none. */
export function chosenIn(report: Report, url: string): TrustSet {
  return trustSetFor(report, new URL(url, 'http://page.invalid').searchParams);
}

/** Recounts a round; what cannot be counted is told in the words of the rules. */
export function recounted(report: Report, trustSet: TrustSet): Recounted {
  try {
    return { kind: 'verdict', verdict: trustVerdictOf(report, trustSet) };
  } catch (error) {
    if (error instanceof TrustError || error instanceof ConsensusError) {
      return { kind: 'refused', why: error.message };
    }
    throw error;
  }
}
