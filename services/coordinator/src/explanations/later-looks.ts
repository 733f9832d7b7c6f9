import type { AskingBudget } from './asking-budget.js';
import type { KeptComparison } from './kept-comparison.js';
import type { Representative } from './representative.js';
import type { SplitCluster } from './split-artifacts.js';

/** Who answers for a cluster. */
export interface AnsweringCluster extends Representative {
  readonly digest: string;
  /** Whether another builder of its cluster may do better at another look. */
  readonly hasOthers: boolean;
}

/** Whether one that broke off may be made whole later: by who was away, or by others of its clusters. */
export function mayBeWhole(
  { isWhole, failed = [] }: KeptComparison,
  sides: readonly AnsweringCluster[],
  budget: AskingBudget,
): boolean {
  if (isWhole) return false;
  if (budget.isOver || sides.some(({ asker }) => asker.isUnanswered)) return true;
  return sides.some(({ member, hasOthers }) => hasOthers && failed.includes(member.builder));
}

/**
 * Whether a cluster has builders that were not tried beside the one that answers for it. Where that one
 * failed before there are none: it is the last that is asked.
 */
export function hasUntried(
  { members }: SplitCluster,
  { member }: Representative,
  failed: readonly string[],
): boolean {
  const isFresh = (builder: string): boolean => !failed.includes(builder);
  if (!isFresh(member.builder)) return false;
  return members.some(
    ({ builder, manifest }) => manifest !== null && builder !== member.builder && isFresh(builder),
  );
}
