import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '#libs/platform';

/** There is no such subscription. */
export function noSuchSubscription(id: string): ProblemError {
  return new ProblemError(
    HttpStatus.NOT_FOUND,
    'no-such-subscription',
    `subscription ${id} is not known here: \`news list\` shows those that are`,
  );
}

/** Nothing can be sent to what was named. */
export function targetUnusable(why: string): ProblemError {
  return new ProblemError(HttpStatus.UNPROCESSABLE_ENTITY, 'target-unusable', why);
}
