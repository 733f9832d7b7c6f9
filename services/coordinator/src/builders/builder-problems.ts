import { HttpStatus } from '@nestjs/common';
import type { BuilderStatus } from '#libs/contracts';
import { quote } from '#libs/encoding';
import { ProblemError } from '#libs/platform';
import type { BuilderEvent } from './builder-status.js';

/** Makes the problem of a builder that neither asked to join nor was in any round. */
export function noSuchBuilder(builder: string): ProblemError {
  return new ProblemError(
    HttpStatus.NOT_FOUND,
    'no-such-builder',
    `builder ${quote(builder)} is not known here: it joins with \`builder enroll --coordinator\``,
  );
}

/** Makes the problem of what cannot happen to a builder as it stands. */
export function forbiddenEvent(
  builder: string,
  status: BuilderStatus,
  event: BuilderEvent,
): ProblemError {
  const advice =
    status === 'revoked'
      ? 'a revoked builder does not come back: enrol another one with new keys'
      : 'see `builder status`';
  return new ProblemError(
    HttpStatus.CONFLICT,
    'builder-status',
    `builder ${builder} is ${status}, so "${event}" does nothing to it; ${advice}`,
  );
}
