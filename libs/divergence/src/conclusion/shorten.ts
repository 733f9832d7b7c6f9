import type { Attributes } from '#libs/manifest';
import { CAUSES } from '../causes/catalogue.js';
import { fitsTrace } from '../causes/match.js';
import type { Comparison, Finding } from '../difference.js';
import { isImplied } from '../folding/fold.js';

/** A file of one of these names may be another artifact. */
const ARCHIVE = /\.(?:img|tar|zst|gz)$/;

/**
 * Keeps so many findings: one of each kind first, the others in their order. Two of a kind lead to the
 * same conclusion, wherever in their container they are; what is left out beside its like is
 * `unlisted`, and what has none among those that are kept is `untold`.
 */
export function shortenFindings(
  findings: readonly Finding[],
  most: number,
): Required<Pick<Comparison, 'findings' | 'untold' | 'unlisted'>> {
  if (findings.length <= most) return { findings, untold: 0, unlisted: 0 };
  const kinds = [...Map.groupBy(findings, kindOf).values()];
  const firsts = kinds.flatMap(([first]) => first ?? []).slice(0, most);
  const telling = new Set(firsts);
  const others = findings.filter((finding) => !telling.has(finding));
  const kept = new Set([...firsts, ...others.slice(0, most - firsts.length)]);
  const untold = kinds.slice(most).flat().length;
  return {
    findings: findings.filter((finding) => kept.has(finding)),
    ...{ untold, unlisted: findings.length - kept.size - untold },
  };
}

/** All of a finding that a conclusion is drawn from. */
function kindOf(finding: Finding): string {
  const { difference, class: kind, seenFacts, notLookedAt = null } = finding;
  const { location } = difference;
  const causes = CAUSES.filter(({ trace }) => trace !== null && fitsTrace(trace, finding));
  // Where builders' facts have to fit the values, another value is another question to them.
  const isHeldAgainstFacts = causes.some(({ trace }) => trace?.mark?.fits !== undefined);
  const values = isHeldAgainstFacts
    ? [...[difference.left, difference.right].map(ownership), finding.diff ?? null, finding.detail]
    : null;
  const isArchive = ARCHIVE.test(location.at(-1) ?? '');
  return JSON.stringify([
    ...[kind, seenFacts, notLookedAt, isImplied(finding)],
    ...[causes.map(({ id }) => id), values],
    isArchive ? location : location.slice(0, -1),
  ]);
}

function ownership(side: Attributes | null): readonly unknown[] {
  return ['mode', 'uid', 'gid'].map((name) => side?.[name] ?? null);
}
