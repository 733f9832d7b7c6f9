import type { Location } from '#libs/manifest';
import { spansOf } from '../classes/spans.js';
import type { Finding } from '../difference.js';
import { changedLines } from './changed-lines.js';
import { isInside, isOfContainer, isSame } from './place.js';

const ROOT = /(?:^|[-_.])root(?:fs)?(?:[-_.]|$)/i;
const ARGUMENT = /(?:^|[\s"'])(?:root_?hash|(?:systemd\.)?verity_root_hash)=$/i;
const MEASUREMENTS = /(?:^|\/)[\w.-]*measurements?(?:\.json)?$/i;

/**
 * The root filesystem's hash tree has its digest among the boot arguments, and what is measured at
 * launch follows from these. Source: dfinity/ic ic-os/defs.bzl
 */
export function verity(finding: Finding, all: readonly Finding[]): Finding | undefined {
  const { class: kind, difference, impliedBy } = finding;
  if (kind !== 'embedded-hash' || impliedBy !== undefined) return undefined;
  if (!MEASUREMENTS.test(difference.location.at(-1) ?? '') && !isArgument(finding, all)) {
    return undefined;
  }
  // SetupOS has several: that which is next to these boot arguments, and none of another image's.
  let nearest: { readonly cause: Finding; readonly depth: number } | undefined;
  for (const cause of all) {
    const root = rootOf(cause);
    if (root === null || isInside(difference.location, root)) continue;
    if (!isInside(difference.location, root.slice(0, -1))) continue;
    if (nearest === undefined || root.length > nearest.depth) {
      nearest = { cause, depth: root.length };
    }
  }
  return nearest?.cause;
}

/** The root filesystem whose bytes a finding changes; null for what changes none. */
function rootOf(finding: Finding): Location | null {
  const { class: kind, difference } = finding;
  const { location, aspects } = difference;
  const at = location.findIndex(isRoot);
  if (at < 0 || kind === 'embedded-hash') return null;
  const root = location.slice(0, at + 1);
  // Its time or its owner in the archive around it is no part of what is hashed.
  const isBytes = aspects.some((aspect) => aspect === 'content' || aspect === 'size');
  return isBytes || isOfContainer(finding) || isInside(location, root) ? root : null;
}

/** Paths of files within a filesystem are none: a home of root's is no root filesystem. */
function isRoot(segment: string, index: number, location: Location): boolean {
  return ROOT.test(segment) && (index < location.length - 1 || segment.endsWith('.img'));
}

/** Whether a text differs in the root's hash, and in no other digest. */
function isArgument({ difference }: Finding, all: readonly Finding[]): boolean {
  // Of several findings in one text the first has the diff.
  const shown = all.find(
    (each) => each.diff !== undefined && isSame(each.difference.location, difference.location),
  );
  const lines = shown === undefined ? null : changedLines(shown);
  if (lines === null) return false;
  const [left, right] = [digestsIn(lines.left), digestsIn(lines.right)];
  return left.arguments > 0 && right.arguments > 0 && left.others === right.others;
}

function digestsIn(lines: readonly string[]): { arguments: number; others: string } {
  const found = lines.flatMap((line) =>
    spansOf(line)
      .filter(({ kind }) => kind === 'digest' || kind === 'bytes')
      .map(({ text, start }) => ({ text, isOfRoot: ARGUMENT.test(line.slice(0, start)) })),
  );
  const others = found.filter(({ isOfRoot }) => !isOfRoot).map(({ text }) => text);
  return { arguments: found.length - others.length, others: others.join(' ') };
}
