import { ConsensusError } from '#libs/consensus';
import {
  queryOf,
  trustSetFor,
  trustVerdictOf,
  TrustError,
  type Report,
  type TrustSet,
  type TrustVerdict,
} from '#libs/contracts';
import { addressOf } from '../../../address-of.js';

/** What a round comes to for a trust set, or why it cannot be said. */
export type Recounted =
  | { readonly kind: 'verdict'; readonly verdict: TrustVerdict }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Gives the trust set that an address names: all operators and the round's threshold where it names none.
 * An empty name alone means nobody, which is not the same.
 */
export function chosenIn(report: Report, url: string): TrustSet {
  const query = addressOf(url).searchParams;
  const named = query.getAll('trust');
  const trustSet = trustSetFor(report, query);
  const isNobody = named.length > 0 && named.every((name) => name === '');
  return isNobody ? { ...trustSet, operators: [] } : trustSet;
}

/** Writes a trust set as {@link chosenIn} reads it, without a question mark. */
export function keptAs(trustSet: TrustSet): string {
  return trustSet.operators.length === 0 ? `trust=&${queryOf(trustSet)}` : queryOf(trustSet);
}

/** Recounts a round; what cannot be counted is told in the words of the rules. */
export function recounted(report: Report, trustSet: TrustSet): Recounted {
  if (trustSet.operators.length === 0) {
    return { kind: 'refused', why: 'Nobody is chosen: choose whom you trust.' };
  }
  try {
    return { kind: 'verdict', verdict: trustVerdictOf(report, trustSet) };
  } catch (error) {
    if (error instanceof TrustError || error instanceof ConsensusError) {
      return { kind: 'refused', why: error.message };
    }
    throw error;
  }
}
