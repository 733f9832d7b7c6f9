import type { Location } from '#libs/manifest';
import { isDpkgStatus } from '../classes/dpkg-status.js';
import type { Difference, Finding } from '../difference.js';
import type { ByteAsker } from '../investigation/byte-asker.js';
import type { Sides } from '../investigation/find-pieces.js';
import { inContainer, isOfNoPackage } from './package-paths.js';
import { packageOf } from './packages.js';
import { containerOf } from './place.js';
import type { Rule } from './rules.js';

/** Packages whose lists are asked for: the others' files are not folded by these. */
const MAX_PACKAGES = 32;
const AT_A_TIME = 4;
const QUESTION_BYTES = 16_384;
const MAX_QUESTIONS = 4;
/** Of a package that may be there for several architectures; IC-OS has this one. */
const ARCHITECTURE = 'amd64';
/** What follows from a version. */
const FOLLOWING: ReadonlySet<string> = new Set(['unknown', 'only-in-one', 'embedded-hash']);

/** Files of one package, as each side's dpkg lists them. */
interface Listed {
  readonly container: Location;
  readonly left: ReadonlySet<string>;
  readonly right: ReadonlySet<string>;
}

/**
 * Asks both sides which files belong to the packages that a dpkg status tells other versions of, at
 * most 32 of them and 64 KiB each, and gives the rule that folds these files. A list that a side does
 * not answer is empty.
 */
export async function ruleOfPackageFiles(
  sides: Sides,
  findings: readonly Finding[],
  signal?: AbortSignal,
): Promise<Rule> {
  const drifted = findings
    .filter(({ difference }) => isDpkgStatus(difference.location))
    .filter((each) => (packageOf(each)?.name ?? null) !== null)
    .slice(0, MAX_PACKAGES);
  const isAsked = findings.some((finding) => mayFollow(finding));
  const lists = new Map<Finding, Listed>();
  for (let at = 0; isAsked && at < drifted.length; at += AT_A_TIME) {
    if (signal?.aborted === true) break;
    const some = drifted.slice(at, at + AT_A_TIME);
    const read = await Promise.all(some.map((each) => readLists(sides, each)));
    for (const [index, each] of some.entries()) {
      const listed = read[index];
      if (listed !== undefined) lists.set(each, listed);
    }
  }
  return (finding) => {
    if (!mayFollow(finding)) return undefined;
    return [...lists].find(([, listed]) => isListed(listed, finding.difference))?.[0];
  };
}

/** Directories are of many packages. */
function mayFollow({ class: kind, difference, impliedBy }: Finding): boolean {
  if (isDpkgStatus(difference.location) || difference.kind === 'directory') return false;
  return FOLLOWING.has(kind) && impliedBy === undefined;
}

/** Of what is on both sides both lists have to tell: one builder alone owns nothing of the other's. */
function isListed({ container, left, right }: Listed, difference: Difference): boolean {
  const path = inContainer(difference, container);
  if (path === null || isOfNoPackage(difference, path)) return false;
  const own = unmerged(path);
  return (
    (difference.left === null || left.has(own)) && (difference.right === null || right.has(own))
  );
}

async function readLists({ left, right }: Sides, finding: Finding): Promise<Listed> {
  const container = containerOf(finding.difference.location);
  const name = packageOf(finding)?.name ?? '';
  const [ofLeft, ofRight] = await Promise.all([
    readList(left, container, name),
    readList(right, container, name),
  ]);
  return { container, left: ofLeft, right: ofRight };
}

async function readList(
  asker: ByteAsker,
  container: Location,
  name: string,
): Promise<ReadonlySet<string>> {
  for (const file of [`${name}.list`, `${name}:${ARCHITECTURE}.list`]) {
    try {
      return pathsOf(await readFile(asker, [...container, `var/lib/dpkg/info/${file}`]));
    } catch {
      // Not there, or nobody answers: without its list a file is not known to be the package's.
    }
  }
  return new Set();
}

async function readFile(asker: ByteAsker, location: Location): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let question = 0; question < MAX_QUESTIONS; question += 1) {
    const { bytes } = await asker.bytes(location, question * QUESTION_BYTES, QUESTION_BYTES);
    parts.push(bytes);
    if (bytes.length < QUESTION_BYTES) break;
  }
  return Buffer.concat(parts);
}

function pathsOf(list: Uint8Array): ReadonlySet<string> {
  const lines = new TextDecoder().decode(list).split('\n');
  // The last line may have been cut.
  return new Set(lines.slice(0, -1).map((line) => unmerged(line.replace(/^\//, ''))));
}

/** Packages list `/lib/x` where it has become `/usr/lib/x`. */
function unmerged(path: string): string {
  return path.replace(/^usr\/(?=(?:bin|sbin|lib|lib32|lib64|libx32)\/)/, '');
}
