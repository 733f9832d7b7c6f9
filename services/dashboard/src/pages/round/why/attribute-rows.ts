import type { FindingReport } from '#libs/contracts';

/** One attribute of a thing, as both sides have it; null where a side has it not. */
export interface AttributeRow {
  readonly name: string;
  readonly left: string | null;
  readonly right: string | null;
}

const TIMES = new Set(['mtime', 'atime', 'ctime', 'crtime']);
const DIGESTS = new Set(['content', 'inside', 'unread', 'stream']);
/** From here on a number of seconds is no date that can be written. */
const MAX_SECONDS = 8.64e12;

/** Puts what both sides have of a thing beside each other, in order of names. */
export function attributeRows({ left, right }: FindingReport['difference']): AttributeRow[] {
  const names = new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})]);
  return [...names].sort().map((name) => ({
    name,
    left: valueOf(name, left),
    right: valueOf(name, right),
  }));
}

/** Whether an attribute is a digest of the bytes. */
export function isContentDigest(name: string): boolean {
  return DIGESTS.has(name);
}

function valueOf(name: string, side: FindingReport['difference']['left']): string | null {
  if (side === null || !Object.hasOwn(side, name)) return null;
  const value = side[name];
  if (value === undefined) return null;
  if (name === 'size') return `${value} bytes`;
  return TIMES.has(name) ? timeText(value) : String(value);
}

/** Seconds since 1970, perhaps with a fraction: as they are, and as people read them. */
function timeText(value: string | number): string {
  const seconds = Number(value);
  if (!Number.isFinite(seconds) || Math.abs(seconds) > MAX_SECONDS) return String(value);
  return `${value} (${new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z')})`;
}
