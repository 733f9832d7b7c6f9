import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '#libs/platform';

/** Makes the problem of a round that was never opened here. */
export function noSuchRound(round: string): ProblemError {
  return new ProblemError(
    HttpStatus.NOT_FOUND,
    'no-such-round',
    `round ${round} is not known here: \`round list\` shows those that are`,
  );
}
