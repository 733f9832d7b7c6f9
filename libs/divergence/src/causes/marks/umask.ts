import type { Mark } from '../cause.js';

/** Rights of group and others: no build gets through with a umask that takes its owner's own. */
const TAKEN = 0o077;
const UMASK = /^[0-7]{1,4}$/;

type Modes = readonly [left: number, right: number];

/** Modes that two umasks leave of one mode; where they were told, these two. */
export const umaskMark: Mark = {
  says: 'within the rights of group and others, as the umasks have them where they are told',
  isIn: ({ difference: { left, right } }) => {
    const modes = modesOf(left?.['mode'], right?.['mode']);
    return modes !== null && ((modes[0] ^ modes[1]) & ~TAKEN) === 0;
  },
  fits: ({ difference: { left, right } }, told) => {
    const modes = modesOf(left?.['mode'], right?.['mode']);
    const umasks = told('user.umask');
    const [onLeft, onRight] = [umasksIn(umasks.left), umasksIn(umasks.right)];
    return (
      modes !== null &&
      onLeft.every((umask) => (modes[0] & umask) === 0) &&
      onRight.every((umask) => (modes[1] & umask) === 0) &&
      onLeft.every((a) => onRight.every((b) => ((modes[0] ^ modes[1]) & ~(a ^ b)) === 0))
    );
  },
};

function modesOf(...modes: readonly (string | number | undefined)[]): Modes | null {
  const [left = NaN, right = NaN] = modes.map((mode) => Number.parseInt(String(mode), 8));
  return Number.isNaN(left) || Number.isNaN(right) ? null : [left, right];
}

function umasksIn(values: readonly (string | number | boolean)[]): number[] {
  const texts = values.map(String).filter((text) => UMASK.test(text));
  return texts.map((text) => Number.parseInt(text, 8));
}
