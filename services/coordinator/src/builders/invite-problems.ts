import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '#libs/platform';

/** There is no such invite, or no more. */
export function noSuchInvite(id: string): ProblemError {
  return new ProblemError(
    HttpStatus.NOT_FOUND,
    'no-such-invite',
    `invite ${id} is not known here: \`builder invites\` shows those that are`,
  );
}

/** It has let somebody in, and taking it back would not put them out. */
export function inviteUsed(id: string, builder: string): ProblemError {
  return new ProblemError(
    HttpStatus.CONFLICT,
    'invite-used',
    `builder ${builder} came in by invite ${id}: \`builder retire ${builder}\` puts it out, \`builder revoke ${builder}\` for ever`,
  );
}

/** It lets in nobody, or not this one. One answer for all: whoever guesses or has stolen one learns nothing of it. */
export function inviteUnusable(id: string): ProblemError {
  return new ProblemError(
    HttpStatus.FORBIDDEN,
    'invite-unusable',
    `invite ${id} is not known, was used or withdrawn, has expired, or is for another operator: ask the group for another, or enrol without one`,
  );
}

/** So many are kept that there is no room for another. */
export function tooManyInvites(most: number): ProblemError {
  return new ProblemError(
    HttpStatus.TOO_MANY_REQUESTS,
    'too-many-invites',
    `${most} invites are kept, and no more: wait until some have been void for 30 days`,
  );
}
