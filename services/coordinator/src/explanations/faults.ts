import { DivergenceError } from '#libs/divergence';
import type { KeptComparison } from './kept-comparison.js';
import type { Representative } from './representative.js';

/** Two builders that were asked together. */
export interface AskedPair {
  readonly left: Representative;
  readonly right: Representative;
}

/** Names the builders by which two manifests could not be walked: those whose pages were at fault. */
export function faultOf(error: unknown, pair: AskedPair): readonly string[] {
  if (error instanceof DivergenceError && error.side !== null) {
    return [pair[error.side].member.builder];
  }
  return failedOf(pair, (side) => side.asker.hasFailed);
}

/** Names the builders of which something holds; the one that took longer where it does of neither. */
export function failedOf(
  { left, right }: AskedPair,
  holds: (side: Representative) => boolean,
): readonly string[] {
  const found = [left, right].filter(holds);
  const slower = left.asker.waitedMs > right.asker.waitedMs ? left : right;
  return (found.length === 0 ? [slower] : found).map(({ member }) => member.builder);
}

/** Tells of two builders what was asked of them in vain. */
export function unwalked(
  pair: {
    readonly artifact: string;
    readonly left: Representative & { readonly digest: string };
    readonly right: Representative & { readonly digest: string };
  },
  failed: readonly string[],
): KeptComparison {
  const { artifact, left, right } = pair;
  return {
    ...{ artifact, left: left.digest, right: right.digest },
    ...{ leftBuilder: left.member.builder, rightBuilder: right.member.builder },
    ...{ findings: [], digests: [], isWhole: false, isWalked: false, failed },
  };
}
