/** A line of the system's users. */
export interface UserEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly shell: string;
}

/** Ids one after the other. */
export interface IdRange {
  readonly first: number;
  readonly count: number;
}

/** Below this, ids belong to people and to the system. */
const FIRST_SUBORDINATE = 65_536;

/**
 * Reads a line of passwd; null for anything else.
 * Source: passwd(5)
 */
export function parseUserEntry(line: string): UserEntry | null {
  const fields = line.split(':');
  const [name = '', , uid = '', gid = '', , , shell = ''] = fields;
  if (fields.length !== 7 || name === '' || !/^\d{1,10}$/.test(uid) || !/^\d{1,10}$/.test(gid)) {
    return null;
  }
  return { name, uid: Number(uid), gid: Number(gid), shell };
}

/**
 * Reads which ids somebody may give to users of its containers. Ranges that reach down to those of
 * people are left out: what runs with such an id is ended with each build.
 * Source: subuid(5)
 */
export function parseSubordinateIds(
  text: string,
  name: string | null,
  uid: number,
): readonly IdRange[] {
  return text.split('\n').flatMap((line) => {
    const [owner, first = '', count = ''] = line.split(':');
    if (owner !== name && owner !== String(uid)) return [];
    if (!/^\d{1,10}$/.test(first) || !/^\d{1,10}$/.test(count)) return [];
    const range = { first: Number(first), count: Number(count) };
    return range.first < FIRST_SUBORDINATE ? [] : [range];
  });
}
