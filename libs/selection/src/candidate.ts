/** From when to when, each day, a machine is there for builds; over midnight where `to` is earlier. */
export interface Hours {
  /** Such as `22:00`. */
  readonly from: string;
  readonly to: string;
  /** IANA name, such as `Europe/Zurich`. */
  readonly timeZone: string;
}

/** What a builder told of its machine. */
export interface CandidateFacts {
  readonly ramBytes: number;
  readonly diskBytes: number;
  readonly eras: readonly string[];
  /** `none` is bare metal; null where it could not tell. */
  readonly virtualisation: string | null;
  readonly isWsl: boolean;
  readonly engine: string | null;
  readonly isolation: string | null;
  readonly exclusiveHours: Hours | null;
}

/** How a builder's rebuild of what others had reproduced came out. */
export type CalibrationState = 'none' | 'passed' | 'suspect' | 'failed';

/** A builder that could be invited. */
export interface Candidate {
  readonly builder: string;
  readonly operator: string;
  /** Null of one that told nothing, as those that stand in a roster file only. */
  readonly facts: CandidateFacts | null;
  readonly tags: readonly string[];
  readonly calibration: CalibrationState;
  /** Milliseconds since 1970; null where it was never invited. */
  readonly lastInvitedAt: number | null;
  /** Whether every slot that it told of is taken; false where it told of none. */
  readonly isBusy: boolean;
  /** `unknown` of one that sends no sign of life; it is asked like one that does. */
  readonly presence: 'here' | 'away' | 'unknown';
}
