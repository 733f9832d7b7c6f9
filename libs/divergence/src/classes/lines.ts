import { diffArrays } from 'diff';
import type { ClassifyContext } from './context.js';
import { quoted, readable } from './readable.js';
import { unmasked } from './masked-text.js';
import { notCompared, type Seen } from './seen.js';
import { seeShadowLine } from './shadow-line.js';
import { seeTexts } from './text-pair.js';
import { seeOrder } from './line-order.js';

const MAX_EDITS = 1500;
const MAX_LINES = 4000;
const MAX_PAIRS = 200;

/** Lines of both sides that stand in each other's place. */
interface Change {
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/**
 * Names what makes two texts differ. `isWhole` says that nothing of them is missing: else lines at
 * the ends of the two windows are no evidence.
 */
export function seeLines(
  left: string,
  right: string,
  isWhole: boolean,
  context: ClassifyContext,
): readonly Seen[] {
  const [a, b] = [left.split('\n'), right.split('\n')];
  const [begunLeft, begunRight] = [a.slice(0, MAX_LINES), b.slice(0, MAX_LINES)];
  const seen = seeSome(begunLeft, begunRight, isWhole, context);
  const isCut = a.slice(MAX_LINES).join('\n') !== b.slice(MAX_LINES).join('\n');
  return isCut ? [...seen, notCompared(`what follows the first ${MAX_LINES} lines`)] : seen;
}

function seeSome(
  a: readonly string[],
  b: readonly string[],
  isWhole: boolean,
  context: ClassifyContext,
): readonly Seen[] {
  const order = seeOrder(a, b);
  if (order !== null) return [order];
  const changes = changesOf(a, b, isWhole);
  if (changes === null) return [tooMany(a, b)];
  const moved = seeOrder(
    changes.flatMap((change) => change.left),
    changes.flatMap((change) => change.right),
  );
  if (moved !== null && !isWhole) return [moved];
  const seen = changes.slice(0, MAX_PAIRS).flatMap((change) => seeChange(change, context));
  if (changes.length <= MAX_PAIRS) return seen;
  return [...seen, notCompared(`what follows the first ${MAX_PAIRS} changes`)];
}

function changesOf(
  left: readonly string[],
  right: readonly string[],
  isWhole: boolean,
): readonly Change[] | null {
  // Without a bound two hostile files keep this busy for hours.
  const parts = diffArrays([...left], [...right], { maxEditLength: MAX_EDITS });
  if (parts === undefined) return null;
  const changes: (Change & { isLast: boolean })[] = [];
  for (const [index, { added, removed, value }] of parts.entries()) {
    if (!added && !removed) continue;
    const isLast = index >= parts.length - 1;
    const before = parts[index - 1];
    const last = changes.at(-1);
    if (added && before?.removed === true && last !== undefined) {
      changes.splice(-1, 1, { left: last.left, right: value, isLast });
    } else {
      changes.push({ left: removed ? value : [], right: added ? value : [], isLast });
    }
  }
  // What one window has at its end and the other has not lies beyond the other's end.
  const sound = changes.filter(({ isLast }) => isWhole || !isLast);
  return sound.length > 0 ? sound : changes;
}

function seeChange({ left, right }: Change, context: ClassifyContext): readonly Seen[] {
  const pairs = Math.min(left.length, right.length);
  const seen = left.slice(0, pairs).flatMap((line, index) => {
    const other = right[index] ?? '';
    return seeShadowLine(line, other, context) ?? seeTexts(line, other, context);
  });
  const [onlyLeft, onlyRight] = [left.slice(pairs), right.slice(pairs)];
  return [
    ...seen,
    ...(onlyLeft.length > 0 ? [onlyOn('left', onlyLeft)] : []),
    ...(onlyRight.length > 0 ? [onlyOn('right', onlyRight)] : []),
  ];
}

function onlyOn(side: string, lines: readonly string[]): Seen {
  const first = quoted(unmasked(lines[0] ?? ''));
  const more = lines.length > 1 ? `, and ${lines.length - 1} more lines` : '';
  return { class: 'unknown', detail: readable(`only on the ${side}: ${first}${more}`), facts: [] };
}

function tooMany(left: readonly string[], right: readonly string[]): Seen {
  const detail = `too many lines differ: ${left.length} on the left, ${right.length} on the right`;
  return { class: 'unknown', detail, facts: [] };
}
