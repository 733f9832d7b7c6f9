import type { Finding } from '../difference.js';
import { RULES, type Rule } from './rules.js';

/**
 * Tells consequences from causes: root causes first, then what follows, each naming its root cause.
 * Two findings of which each would follow from the other are both root causes: rather one too many.
 * `more` are rules beside those that need nothing but the findings.
 */
export function fold(findings: readonly Finding[], more: readonly Rule[] = []): readonly Finding[] {
  const causeOf = new Map<Finding, Finding>();
  for (const finding of findings) {
    for (const rule of [...RULES, ...more]) {
      const cause = rule(finding, findings);
      if (cause === undefined) continue;
      causeOf.set(finding, cause);
      break;
    }
  }
  const told = findings.map((finding) => {
    const root = rootOf(finding, causeOf);
    const isKnown = root === finding;
    return isKnown ? finding : { ...finding, impliedBy: root.difference.location };
  });
  return [...told.filter((finding) => !isImplied(finding)), ...told.filter(isImplied)];
}

/** Whether a finding follows from something else. */
export function isImplied({ impliedBy }: Finding): boolean {
  return impliedBy !== undefined;
}

/** Whether a finding is there because another artifact is a part of this one. */
export function isOfOtherArtifact({ impliedBy }: Finding): boolean {
  return impliedBy?.length === 1 && impliedBy[0] !== '';
}

/**
 * Names the artifacts of which findings are a part: SetupOS carries HostOS and GuestOS, launch
 * measurements are taken of GuestOS. `embeds` are the artifacts that this one is implied by, as the
 * verdict has them, such as `hostos/update-img`.
 */
export function foldArtifacts(
  findings: readonly Finding[],
  embeds: readonly string[],
): readonly Finding[] {
  return findings.map((finding) => {
    if (isImplied(finding)) return finding;
    const artifact = embeds.find((name) => isPartOf(finding, name)) ?? measured(finding, embeds);
    return artifact === undefined ? finding : { ...finding, impliedBy: [artifact] };
  });
}

/** `guestos/update-img` is carried as `guest-os.img.tar.zst`. */
function isPartOf({ difference }: Finding, artifact: string): boolean {
  const [name = ''] = artifact.split('/');
  const stem = /^(guest|host|setup)-?os/.exec(name)?.[1];
  if (stem === undefined) return false;
  const pattern = new RegExp(`${stem}-?os`, 'i');
  // Within a filesystem of its own, SetupOS has scripts that are named after the others.
  return difference.location.some(
    (segment, index, { length }) =>
      pattern.test(segment) && (index < length - 1 || ARCHIVE.test(segment)),
  );
}

/** A file of digests alone: what it was taken of is another artifact. */
function measured(
  { class: kind, difference }: Finding,
  [first]: readonly string[],
): string | undefined {
  return kind === 'embedded-hash' && difference.location.length === 1 ? first : undefined;
}

const ARCHIVE = /\.(?:img|tar|zst|gz)$/;

function rootOf(finding: Finding, causeOf: ReadonlyMap<Finding, Finding>): Finding {
  const seen = new Set([finding]);
  let root = finding;
  for (let next = causeOf.get(root); next !== undefined; next = causeOf.get(root)) {
    if (seen.has(next)) return finding;
    seen.add(next);
    root = next;
  }
  return root;
}
