import { z } from 'zod';
import { AttestationError } from './error.js';
import { Id, Sha256Text } from './statement.js';

/**
 * What a round measures that is no more than a trial of one builder: it rebuilds a release that others
 * have reproduced, and is held against them. Such a round gives no verdict.
 */
export const Calibration = z.object({
  /** The round that reproduced the release. */
  round: Sha256Text,
  builder: Id,
});
export type Calibration = z.infer<typeof Calibration>;

/** A round's purpose as far as RoundOpen tells one; both are absent in a round that gives a verdict. */
export interface Purpose {
  readonly experiment?: object | undefined;
  readonly calibration?: object | undefined;
}

/** Tells whether a round is there to give a verdict, and is no experiment or calibration. */
export function givesVerdict({ experiment, calibration }: Purpose): boolean {
  return experiment === undefined && calibration === undefined;
}

/**
 * Refuses a calibration with anybody but its builder, or that is something else besides.
 *
 * @throws AttestationError WRONG_BUILDER, MALFORMED_STATEMENT
 */
export function checkCalibration(
  { builder }: Calibration,
  {
    roster,
    experiment,
  }: Purpose & {
    readonly roster: readonly { readonly builders: readonly { readonly builder: string }[] }[];
  },
): void {
  if (experiment !== undefined) {
    throw new AttestationError(
      'MALFORMED_STATEMENT',
      'a round is an experiment or a calibration, not both',
    );
  }
  const invited = roster.flatMap(({ builders }) => builders.map((one) => one.builder));
  if (invited.length === 1 && invited[0] === builder) return;
  throw new AttestationError(
    'WRONG_BUILDER',
    `a calibration of builder ${builder} invites ${invited.length} builders: expected that one alone`,
  );
}
