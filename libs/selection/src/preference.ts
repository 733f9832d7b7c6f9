import { compareText, sha256 } from '#libs/encoding';
import type { CalibrationState, Candidate } from './candidate.js';
import { waitUntilHours } from './hours.js';

/** What was measured to match comes first; what was measured not to comes last. */
const CALIBRATIONS: Readonly<Record<CalibrationState, number>> = {
  passed: 0,
  none: 1,
  failed: 2,
  suspect: 3,
};

/** A builder with what decides between those that would do equally well; less is better. */
export interface Ranked {
  readonly candidate: Candidate;
  readonly keys: {
    readonly calibration: number;
    /** Milliseconds until its hours begin. */
    readonly wait: number;
    /** 1 where it would have to build something else first. */
    readonly busy: number;
    /** When it was invited last. */
    readonly invited: number;
    /** Drawn by the round's own chance. */
    readonly lot: string;
  };
}

/** Sorts candidates, the preferred ones first: the same for a seed, in whatever order they came. */
export function rank(
  candidates: readonly Candidate[],
  seed: string,
  at: number,
): readonly Ranked[] {
  return candidates
    .map((candidate) => {
      const hours = candidate.facts?.exclusiveHours ?? null;
      const keys = {
        calibration: CALIBRATIONS[candidate.calibration],
        wait: hours === null ? 0 : (waitUntilHours(hours, at) ?? 0),
        busy: candidate.isBusy ? 1 : 0,
        invited: candidate.lastInvitedAt ?? 0,
        lot: sha256(`${seed}/${candidate.builder}`),
      };
      return { candidate, keys };
    })
    .toSorted(compare);
}

function compare({ keys: a }: Ranked, { keys: b }: Ranked): number {
  return (
    a.calibration - b.calibration ||
    a.wait - b.wait ||
    a.busy - b.busy ||
    a.invited - b.invited ||
    compareText(a.lot, b.lot)
  );
}

/** Says why `other` comes after the one that was taken in its stead. */
export function whyAfter(other: Ranked, taken: Ranked): string {
  const [a, b] = [other.keys, taken.keys];
  if (a.calibration > b.calibration) {
    const { calibration } = other.candidate;
    if (calibration === 'suspect') return 'its calibration gave other bytes';
    if (calibration === 'failed') return 'its calibration did not build';
    return 'it is not calibrated, and others are';
  }
  if (a.calibration < b.calibration) return 'fewer builders do without it';
  if (a.wait > b.wait) return 'its hours begin later';
  if (a.wait < b.wait) return 'fewer builders do without it';
  if (a.busy > b.busy) return 'it is building something else';
  if (a.busy < b.busy) return 'fewer builders do without it';
  if (a.invited > b.invited) return 'it was asked more recently';
  if (a.invited < b.invited) return 'fewer builders do without it';
  return a.lot > b.lot ? 'the lot fell on another' : 'fewer builders do without it';
}
