import type { Difference, Finding } from '../difference.js';
import { indexOf, keyOf } from './finding-index.js';
import { packageOf } from './packages.js';
import { containerOf, isInside, isOfContainer, isSame } from './place.js';
import { isRunnable } from './runnable.js';
import { verity } from './verity.js';

/** Finds the finding of which another one is a consequence; undefined where it is none by this rule. */
export type Rule = (finding: Finding, all: readonly Finding[]) => Finding | undefined;

/** A digest that is in the bytes of another thing that differs. */
const digested: Rule = ({ impliedBy, difference }, all) => {
  if (impliedBy === undefined) return undefined;
  return all.find((each) => {
    const { location } = each.difference;
    if (isSame(difference.location, location) || isInside(difference.location, location)) {
      return false;
    }
    return isSame(location, impliedBy) || isInside(location, impliedBy);
  });
};

/** What holds something that differs differs, too: in content, in size, as a compressed stream. */
const holding: Rule = ({ class: kind, difference }, all) => {
  const { location, aspects, left, right } = difference;
  if (left === null || right === null) return undefined;
  if (!aspects.every((aspect) => aspect === 'content' || aspect === 'size')) return undefined;
  if (kind !== 'unknown' && kind !== 'compression') return undefined;
  return indexOf(all).inside.get(keyOf(location));
};

/** What of a directory can follow from its entries: rights, labels and what it is are its own. */
const LISTED: readonly Difference['aspects'][number][] = ['time', 'order', 'size', 'layout'];

/** A directory of which an entry is only in one: its times, order, size and links follow. */
const listing: Rule = (finding, all) => {
  const { location, kind, aspects, left, right } = finding.difference;
  const isLinks = Object.keys({ ...left, ...right }).join() === 'links';
  if (isOfContainer(finding)) {
    if (!aspects.every((aspect) => aspect === 'order')) return undefined;
  } else {
    if (kind !== 'directory') return undefined;
    if (!isLinks && !aspects.every((aspect) => LISTED.includes(aspect))) return undefined;
  }
  const { newMembers, newEntries } = indexOf(all);
  return isOfContainer(finding) ? newMembers.get(keyOf(location)) : newEntries.get(keyOf(location));
};

/** What lies below a directory that is only in one; never what can be run, or a link to what can, which has to be seen. */
const below: Rule = ({ difference }, all) => {
  if (difference.left !== null && difference.right !== null) return undefined;
  if (isRunnable(difference) || difference.kind === 'symlink') return undefined;
  const path = difference.location.at(-1) ?? '';
  const directories = indexOf(all).newDirectories.get(keyOf(containerOf(difference.location)));
  return directories?.find((each) => {
    const directory = each.difference.location.at(-1) ?? '';
    return directory !== '' && path.startsWith(`${directory}/`);
  });
};

/** What takes the same room with any value, and so leaves nothing else between the files. */
const ROOMLESS: readonly Difference['aspects'][number][] = ['time', 'mode', 'owner', 'order'];

function isRoomless({ class: kind, difference: { aspects } }: Finding): boolean {
  const isOfHeader = aspects.every((aspect) => aspect === 'header');
  if (isOfHeader && (kind === 'timestamp' || kind === 'random-id')) return true;
  return aspects.every((aspect) => ROOMLESS.includes(aspect));
}

/** Where members lie, and what is left between them, as soon as something differs that takes room. */
const placing: Rule = (finding, all) => {
  const { aspects, location } = finding.difference;
  const isPlace = aspects.every((aspect) => aspect === 'layout' || aspect === 'rest');
  if (!isPlace || aspects.length === 0) return undefined;
  // A member's own place follows from its container's other members as well.
  const around = isOfContainer(finding) ? location : containerOf(location);
  const isRest = aspects.includes('rest');
  return all.find((each) => {
    const { class: kind, difference } = each;
    if (kind === 'embedded-hash') return false;
    if (isRest && isOfTable(finding) && !isOfTable(each)) return false;
    if (isRest && isRoomless(each)) return false;
    const isOther = difference.aspects.some((aspect) => aspect !== 'layout' && aspect !== 'rest');
    if (!isOther) return false;
    return isSame(difference.location, around) || isInside(difference.location, around);
  });
};

/** Whether it is of a disk's own table: no file in a partition changes that, or what lies between. */
function isOfTable({ difference: { kind, aspects } }: Finding): boolean {
  return kind === 'gpt' || (kind === 'partition' && !aspects.includes('content'));
}

/** Directories that are hashed are listed by the seed of their filesystem. */
const hashing: Rule = ({ difference }, all) => {
  if (!difference.aspects.every((aspect) => aspect === 'order')) return undefined;
  if (difference.kind !== 'directory') return undefined;
  return all.find(
    (each) =>
      each.difference.left?.['hash-seed'] !== each.difference.right?.['hash-seed'] &&
      isSame(each.difference.location, containerOf(difference.location)),
  );
};

/** Of a header's copy. The digest of the header itself has no identifier in it. */
const COPIES: ReadonlySet<string> = new Set(['backup', 'backup-at']);
/** Said instead of a copy’s digest: no other identifier turns one into the other. */
const NO_DIGESTS: ReadonlySet<unknown> = new Set(['same', 'absent']);

const copied: Rule = (finding, all) => {
  const { left, right, location } = finding.difference;
  const names = Object.keys({ ...left, ...right });
  if (finding.class !== 'filesystem-header' || !names.every((name) => COPIES.has(name))) {
    return undefined;
  }
  if (NO_DIGESTS.has(left?.['backup']) || NO_DIGESTS.has(right?.['backup'])) return undefined;
  return all.find(
    (each) =>
      each !== finding &&
      each.class !== 'embedded-hash' &&
      (isSame(each.difference.location, location) ||
        isSame(containerOf(each.difference.location), location)) &&
      (each.class === 'random-id' || (each.difference.kind === 'partition' && isOfTable(each))),
  );
};

/** The rest of a package of which another version was installed; never a new thing that can be run. */
const packaged: Rule = (finding, all) => {
  const isContent = ['unknown', 'only-in-one', 'embedded-hash'].includes(finding.class);
  if (!isContent || finding.impliedBy !== undefined) return undefined;
  return indexOf(all).packages.find(
    (each) => each !== finding && packageOf(each)?.holds(finding.difference) === true,
  );
};

/** In this order: what is certain before what is likely. */
export const RULES: readonly Rule[] = [
  ...[digested, holding, below, listing, hashing, copied, verity, packaged, placing],
];
