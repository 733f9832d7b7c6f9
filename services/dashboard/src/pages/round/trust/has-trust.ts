import type { Report } from '#libs/contracts';

/** True where a verdict can be counted anew: trials and comparisons of machines have none. */
export function hasTrust({ round }: Report): boolean {
  return round !== null && round.experiment === undefined && round.calibration === undefined;
}
