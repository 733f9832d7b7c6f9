import type { Difference } from '../../difference.js';
import type { Mark } from '../cause.js';

/**
 * Owners that are the builders' own ids. What belongs to 0 may just have been left so: another id
 * than that, which a builder told, has to stand there.
 */
export const ownerMark: Mark = {
  says: 'where the uid of a builder stands as it was told',
  isIn: ({ difference }) =>
    sides(difference).every(({ uid, gid }) => uid !== undefined && (gid ?? uid) === uid),
  fits: ({ difference }, told) => {
    const uids = told('user.uid');
    const [left, right] = sides(difference);
    const isTold = [...uids.left, ...uids.right].some((uid) => Number(uid) !== 0);
    return (
      isTold &&
      uids.left.every((uid) => String(uid) === left?.uid) &&
      uids.right.every((uid) => String(uid) === right?.uid)
    );
  },
};

/** The owner of either side; a group that differs has to be the user's own, of the same number. */
function sides({ left, right }: Difference): readonly { uid?: string; gid?: string }[] {
  return [left, right].map((attributes) => {
    const [uid, gid] = [attributes?.['uid'], attributes?.['gid']];
    return {
      ...(uid !== undefined && { uid: String(uid) }),
      ...(gid !== undefined && { gid: String(gid) }),
    };
  });
}
