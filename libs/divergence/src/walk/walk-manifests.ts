import { decodeRoot, type ManifestNode } from '#libs/manifest';
import { Asked } from './ask.js';
import { Findings } from './findings.js';
import { nextStep } from './step.js';
import type { Task } from './task.js';
import { WALK_LIMITS, type Moved, type Walk, type WalkLimits, type WalkSide } from './walk.js';

/** Branches that one question is about: as many pages as an agent answers at once. */
const BATCH = 64;

/**
 * Compares two artifacts by their manifests, asking each side only for pages that differ, breadth
 * first. Every page is held against its digest, up to the roots, so neither side can answer with what
 * its builder did not sign. What a limit cut off is said in `truncated` and `untold`.
 *
 * @throws DivergenceError MISSING_PAGE, BAD_PAGE or OTHER_VERSION, whose `side` did not keep its word
 */
export async function walkManifests(input: {
  readonly left: WalkSide;
  readonly right: WalkSide;
  readonly limits?: Partial<WalkLimits>;
}): Promise<Walk> {
  const limits = { ...WALK_LIMITS, ...input.limits };
  const left = new Asked('left', input.left);
  const right = new Asked('right', input.right);
  const findings = new Findings(limits.maxDifferences);
  const queue: Task[] = [];
  let truncated = false;
  let questions = 0;

  if (input.left.root !== input.right.root) {
    const roots = await Promise.all([readRoot(left, input.left), readRoot(right, input.right)]);
    queue.push(...findings.pair([''], ...roots));
    questions += 1;
  }
  while (queue.length > 0) {
    const room = roomOf(limits, left.moved, right.moved);
    const batch: Task[] = [];
    while (batch.length < Math.max(1, room)) {
      const task = queue.shift();
      if (task === undefined) break;
      const isOpen = room > 0 && task.container.pages < limits.maxPagesPerContainer;
      if (isOpen) batch.push(task);
      else truncated = true;
      task.container.pages += 1;
    }
    if (batch.length === 0) continue;
    queue.push(...(await nextStep(batch, left, right, findings)));
    questions += 1;
  }
  const told = findings.told();
  return {
    ...told,
    untold: findings.untold,
    truncated,
    moved: { left: left.moved, right: right.moved },
    questions,
  };
}

/** Branches that may still be looked at, in one question. */
function roomOf({ maxPages, maxBytes }: WalkLimits, ...sides: readonly Moved[]): number {
  const pages = Math.max(...sides.map((moved) => moved.pages));
  const bytes = Math.max(...sides.map((moved) => moved.bytes));
  return bytes >= maxBytes ? 0 : Math.min(BATCH, maxPages - pages);
}

async function readRoot(asked: Asked, { root }: WalkSide): Promise<ManifestNode> {
  const pages = await asked.pages([root], decodeRoot);
  const artifact = pages.get(root);
  if (artifact === undefined) throw new TypeError('a root was read and is not there');
  return artifact;
}
