import { bothSides } from './readable.js';
import type { Seen } from './seen.js';

const VERSION = /\d+(?:\.\d+)+[0-9a-z.+~-]*/gi;
const TEMPORARY = /^\/(?:var\/)?tmp\/|[/_.-]te?mp[/_.-]?/i;

/** Names what makes two absolute paths differ. Which builder's they are, only masks can tell. */
export function seePaths(left: string, right: string): Seen {
  const shown = bothSides(left, right);
  if (left.replace(VERSION, '') === right.replace(VERSION, '')) {
    return { class: 'package-version', detail: `versions in a path: ${shown}`, facts: [] };
  }
  if (isRandomPart(left, right)) {
    return { class: 'random-id', detail: `names of temporary files: ${shown}`, facts: [] };
  }
  return { class: 'build-path', detail: `paths, told by their form alone: ${shown}`, facts: [] };
}

/** Whether one name in a temporary path differs, as `mktemp` makes them: of one length, long enough. */
function isRandomPart(left: string, right: string): boolean {
  if (!TEMPORARY.test(left) || !TEMPORARY.test(right)) return false;
  const [a, b] = [left.split('/'), right.split('/')];
  if (a.length !== b.length) return false;
  const different = a.flatMap((part, index) => (part === b[index] ? [] : [[part, b[index] ?? '']]));
  const [[one = '', other = ''] = []] = different;
  return different.length === 1 && one.length === other.length && one.length >= 6;
}
