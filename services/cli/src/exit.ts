import type { Outcome } from '#libs/consensus';

/** Exit codes, the same for every command. */
export const EXIT = {
  /** Reproduced, or the command did its work. */
  ok: 0,
  /** Checked, and it does not reproduce. */
  notReproduced: 1,
  /** Wrong usage or an unusable environment. */
  usage: 2,
  /** Nothing could be decided. */
  undecided: 3,
  /** The evidence itself is bad. */
  badEvidence: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Gives the exit code of a summed-up set of verdicts. */
export function exitCodeOf(outcome: Outcome): ExitCode {
  switch (outcome) {
    case 'satisfied':
      return EXIT.ok;
    case 'not-reproduced':
      return EXIT.notReproduced;
    case 'undecided':
      return EXIT.undecided;
  }
}

/** An error that ends the command, with what it means for the exit code and what to try next. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly hint: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
