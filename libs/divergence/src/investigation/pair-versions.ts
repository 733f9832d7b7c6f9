import { bothSides } from '../classes/readable.js';
import type { Finding } from '../difference.js';

const VERSIONS = /\d+(?:[.:]\d+)*(?:[-+~][0-9a-z.+~]+)*/gi;
const HAS_VERSION = /\d+\.\d+|[-_]\d+/;

/**
 * Takes things that are only on one side for one thing of two versions, where their names are the
 * same but for numbers: `foo_1.2.deb` and `foo_1.3.deb`. Others are left as they are.
 */
export function pairVersions(findings: readonly Finding[]): readonly Finding[] {
  const onLeft = byName(findings, (finding) => finding.difference.right === null);
  const onRight = byName(findings, (finding) => finding.difference.left === null);
  return findings.map((finding) => {
    if (finding.class !== 'only-in-one') return finding;
    const key = keyOf(finding);
    const [left, right] = [onLeft.get(key), onRight.get(key)];
    // Two of one name on one side are numbered things, and no versions of each other.
    if (left?.length !== 1 || right?.length !== 1) return finding;
    const shown = bothSides(nameOf(left[0]), nameOf(right[0]));
    return { ...finding, class: 'package-version', detail: `versions in names: ${shown}` };
  });
}

function byName(
  findings: readonly Finding[],
  isOn: (finding: Finding) => boolean,
): ReadonlyMap<string, readonly Finding[]> {
  const named = findings.filter(
    (finding) =>
      finding.class === 'only-in-one' && isOn(finding) && HAS_VERSION.test(nameOf(finding)),
  );
  return Map.groupBy(named, keyOf);
}

function keyOf({ difference }: Finding): string {
  return JSON.stringify([difference.kind, difference.location]).replace(VERSIONS, '#');
}

function nameOf(finding: Finding | undefined): string {
  return finding?.difference.location.at(-1) ?? '';
}
