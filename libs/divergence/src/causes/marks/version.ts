import type { Finding } from '../../difference.js';
import { changedLines } from '../../folding/changed-lines.js';
import type { Mark } from '../cause.js';

const VERSION_FILE = /(?:^|\/)version\.txt$/i;
const SIDES = /"([^"]*)" on the left, "([^"]*)" on the right/;
const COMMIT = /^[0-9a-f]{40}$/;
const ZEROS = '0'.repeat(40);

/** What the version file of either side says. */
interface Versions {
  readonly left: string;
  readonly right: string;
}

/** One side has the commit, the other zeros, as the script of 2022 and 2023 writes for no branch. */
export const zerosMark: Mark = {
  says: 'in VERSION.TXT, a commit on one side and 40 zeros on the other',
  isIn: (finding) => oddSide(finding, isZeros) !== null,
  fits: (finding, told) => {
    const odd = oddSide(finding, isZeros);
    return odd !== null && told('source.shallow')[odd].every((value) => String(value) === 'true');
  },
};

/** One side has the commit, the other the same with `-dirty`. */
export const dirtyMark: Mark = {
  says: 'in VERSION.TXT, a commit on one side and the same with `-dirty` on the other',
  isIn: (finding) => oddSide(finding, isDirty) !== null,
  fits: (finding, told) => {
    const odd = oddSide(finding, isDirty);
    return odd !== null && told('source.clean')[odd].every((value) => String(value) === 'false');
  },
};

/** Both sides have a commit, and not the same: one of the images is of another release. */
export const otherCommitMark: Mark = {
  says: 'in VERSION.TXT, a commit on either side',
  isIn: (finding) => {
    const versions = versionsIn(finding);
    if (versions === null || versions.left === versions.right) return false;
    return [versions.left, versions.right].every((text) => COMMIT.test(text) && text !== ZEROS);
  },
};

function isZeros(odd: string, other: string): boolean {
  return odd === ZEROS && COMMIT.test(other) && other !== ZEROS;
}

function isDirty(odd: string, other: string): boolean {
  return COMMIT.test(other) && odd === `${other}-dirty`;
}

/** The side whose version is not the commit; null where neither is so. */
function oddSide(
  finding: Finding,
  isOdd: (odd: string, other: string) => boolean,
): 'left' | 'right' | null {
  const versions = versionsIn(finding);
  if (versions === null) return null;
  const { left, right } = versions;
  if (isOdd(left, right)) return 'left';
  return isOdd(right, left) ? 'right' : null;
}

function versionsIn(finding: Finding): Versions | null {
  if (!VERSION_FILE.test(finding.difference.location.at(-1) ?? '')) return null;
  const lines = changedLines(finding);
  // A diff that was cut shows less than all that differs, and so does the detail beside it, or beside bytes.
  const isMore = finding.diff !== undefined || finding.bytes !== undefined;
  if (lines === null && isMore) return null;
  const [, left, right] =
    lines === null ? (SIDES.exec(finding.detail) ?? []) : ['', only(lines.left), only(lines.right)];
  return left === undefined || right === undefined ? null : { left, right };
}

/** The only line that differs; undefined where there are more. */
function only(lines: readonly string[]): string | undefined {
  return lines.length === 1 ? lines[0]?.trim() : undefined;
}
