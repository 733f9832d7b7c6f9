import type { Attributes } from '#libs/manifest';
import type { Mark } from '../cause.js';

const LABEL = 'xattr.security.selinux';
/** Of container engines and overlays, which are in the way of a build and say nothing to what runs. */
const OF_TOOLS = /^xattr\.(?:(?:trusted|user)\.overlay|user\.containers)\./;
/** Types that a building system gives to whatever is written there. */
const OF_PLACES =
  /^(?:container_(?:ro_)?file_t|container_share_t|user_home_t|user_tmp_t|tmp_t|tmpfs_t|default_t|unlabeled_t)$/;

/** Attributes that a system gives to all that is written on it; rights that a file has are none. */
export const labelMark: Mark = {
  says: 'in the label of a user or a folder, or of overlays and containers; never in capabilities',
  isIn: ({ difference: { left, right } }) => {
    const names = Object.keys({ ...left, ...right });
    return (
      names.length > 0 &&
      names.every((name) => OF_TOOLS.test(name) || (name === LABEL && isOfSystem(left, right)))
    );
  },
};

/** The type of a label is what a policy decides by: the same, or one that says only where it was made. */
function isOfSystem(left: Attributes | null, right: Attributes | null): boolean {
  const labels = [left?.[LABEL], right?.[LABEL]].filter((label) => label !== undefined);
  const types = labels.map((label) => String(label).split(':')[2] ?? '');
  if (types.every((type) => OF_PLACES.test(type))) return true;
  return types.length === 2 && types[0] !== '' && types[0] === types[1];
}
