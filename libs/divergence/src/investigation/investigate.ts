import type { Location } from '#libs/manifest';
import { classify } from '../classes/classify.js';
import type { ClassifyContext } from '../classes/context.js';
import { isDpkgStatus } from '../classes/dpkg-status.js';
import type { Section } from '../classes/elf.js';
import { readable } from '../classes/readable.js';
import type { Difference, Excerpt, Finding } from '../difference.js';
import { fold } from '../folding/fold.js';
import { ruleOfPackageFiles } from '../folding/package-files.js';
import type { SideName } from '../walk/ask.js';
import type { ByteAsker } from './byte-asker.js';
import { Counted } from './counted.js';
import type { Excerpts } from './excerpts.js';
import type { Sides } from './find-pieces.js';
import { knownDigests } from './known-digests.js';
import { DEFAULT_INVESTIGATION_LIMITS, type InvestigationLimits } from './limits.js';
import { pairVersions } from './pair-versions.js';
import { readExcerpts } from './read-excerpts.js';
import { readElfSections } from './read-sections.js';

/** What differs, and whom to ask for the bytes. */
export interface Investigation {
  /** As a walk gives them. */
  readonly differences: readonly Difference[];
  readonly left: ByteAsker;
  readonly right: ByteAsker;
  readonly limits?: Partial<InvestigationLimits>;
  readonly context?: ClassifyContext;
  /** Once it is aborted nothing further is asked for; what was found out so far is told. */
  readonly signal?: AbortSignal;
  /** Told each side by which a file was not looked at: it did not answer, or not as it had told. */
  readonly onFault?: (side: SideName) => void;
}

/** Files that are asked for at a time: answers take long, and agents answer few at once. */
const AT_A_TIME = 4;
const ELF_MAGIC = '\x7fELF';

/**
 * Finds out what kind of thing each difference is: asks both sides for pieces of the files that
 * differ, names what is in them, and folds what follows from something else. Root causes come first.
 *
 * A side that does not answer costs the bytes alone: what can be told without them is told. Of a file
 * that was not looked at, or not at all that differs in it, a finding says so: nobody is to take what
 * was seen for all there is. Never rejects.
 */
export async function investigate(investigation: Investigation): Promise<readonly Finding[]> {
  const { differences, left, right, signal } = investigation;
  const limits = { ...DEFAULT_INVESTIGATION_LIMITS, ...investigation.limits };
  const context: ClassifyContext = {
    ...investigation.context,
    digests: [...(investigation.context?.digests ?? []), ...knownDigests(differences)],
  };
  // What packages there are tells of many other files: it is asked for first.
  const queue = differences
    .filter((each) => isAskable(each, differences))
    .toSorted((a, b) => Number(isDpkgStatus(b.location)) - Number(isDpkgStatus(a.location)));
  const sides = { left: new Counted(left), right: new Counted(right) };
  const looks = new Map<Difference, Look>(queue.map((each) => [each, UNSEEN]));
  const asked = queue.slice(0, limits.maxFiles);
  for (let at = 0; at < asked.length; at += AT_A_TIME) {
    if (signal?.aborted === true || isSpent(sides, limits)) break;
    const some = asked.slice(at, at + AT_A_TIME);
    const taken = await Promise.all(some.map((each) => look(sides, each, limits)));
    some.forEach((each, index) => looks.set(each, taken[index] ?? UNSEEN));
  }
  for (const side of ['left', 'right'] as const) {
    const isNotAsTold = [...looks.values()].some((seen) => seen.notAsTold?.includes(side) === true);
    if (isNotAsTold || sides[side].hasFailed) investigation.onFault?.(side);
  }
  const findings = differences.flatMap((difference) => {
    const seen = looks.get(difference);
    const told = classify(difference, seen?.excerpts, {
      ...context,
      sections: seen?.sections ?? [],
    });
    return seen === undefined ? told : noted(told, seen);
  });
  const paired = pairVersions(findings);
  return fold(paired, [await ruleOfPackageFiles(sides, paired, signal)]);
}

function isSpent(
  { left, right }: { readonly left: Counted; readonly right: Counted },
  { maxQuestions, maxBytes }: InvestigationLimits,
): boolean {
  const questions = Math.max(left.questions, right.questions);
  return questions >= maxQuestions || left.sentBytes + right.sentBytes >= maxBytes;
}

/** What was seen of one file. */
interface Look extends Excerpts {
  /** Of an ELF file. */
  readonly sections: readonly Section[];
  readonly problem: string | null;
}

const UNSEEN: Look = { excerpts: [], unlooked: null, sections: [], problem: null };

async function look(
  sides: Sides,
  difference: Difference,
  limits: InvestigationLimits,
): Promise<Look> {
  const { location } = difference;
  try {
    const wholeBytes = isDpkgStatus(location) ? limits.statusBytes : limits.wholeBytes;
    const seen = await readExcerpts(sides, difference, { ...limits, wholeBytes });
    return { ...seen, sections: await sectionsOf(sides, location, seen.excerpts), problem: null };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...UNSEEN, problem };
  }
}

/** Sections of the left side alone: it is the one whose offsets are told. */
async function sectionsOf(
  { left }: Sides,
  location: Location,
  excerpts: readonly Excerpt[],
): Promise<readonly Section[]> {
  if (excerpts.length === 0) return [];
  const head = await left.bytes(location, 0, ELF_MAGIC.length);
  if (Buffer.from(head.bytes).toString('latin1') !== ELF_MAGIC) return [];
  return readElfSections(left, location);
}

/** Only files of which nothing smaller is known to differ. */
function isAskable(difference: Difference, all: readonly Difference[]): boolean {
  const { kind, left, right, aspects, location } = difference;
  if (left === null || right === null) return false;
  if (kind !== 'file' && kind !== 'partition') return false;
  if (!aspects.includes('content') && !aspects.includes('size')) return false;
  return !all.some(
    (other) => other.location.length > location.length && isWithin(other.location, location),
  );
}

function isWithin(location: Location, around: Location): boolean {
  return around.every((segment, index) => segment === location[index]);
}

/** Adds to the findings of one file what the look at its bytes came to. */
function noted(findings: readonly Finding[], look: Look): readonly Finding[] {
  const { excerpts, unlooked, problem } = look;
  const told = findings.map((finding) => {
    if (!isOfContent(finding)) return finding;
    return excerpts.length === 0 ? unseen(finding, problem) : finding;
  });
  const first = findings.find(isOfContent);
  if (unlooked === null || first === undefined || excerpts.length === 0) return told;
  const { difference } = first;
  const rest = { difference, class: 'unknown', detail: readable(unlooked), seenFacts: [] } as const;
  return [...told, { ...rest, notLookedAt: 'part' }];
}

function unseen(finding: Finding, problem: string | null): Finding {
  if (finding.class !== 'unknown') return finding;
  const detail =
    problem === null ? finding.detail : readable(`its bytes could not be read: ${problem}`);
  return { ...finding, detail, notLookedAt: 'file' };
}

function isOfContent({ difference: { aspects } }: Finding): boolean {
  return aspects.includes('content') || aspects.includes('size');
}
