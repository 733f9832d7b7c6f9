import { HttpStatus } from '@nestjs/common';
import type { StatusTable } from '#libs/platform';

/**
 * Which HTTP status an error code becomes. A log that stands still says so to whoever would have it
 * written. A governance that cannot be reached, or whose answer is
 * not certified, is the gateway's fault (502), never the caller's.
 */
export const PROBLEM_STATUSES: StatusTable = {
  NOT_A_COMMIT: HttpStatus.BAD_REQUEST,
  BAD_THRESHOLD: HttpStatus.BAD_REQUEST,
  INVALID_ARGUMENT: HttpStatus.BAD_REQUEST,
  NO_SUCH_PROPOSAL: HttpStatus.NOT_FOUND,
  FORBIDDEN_TRANSITION: HttpStatus.CONFLICT,
  THRESHOLD_TOO_LOW: HttpStatus.UNPROCESSABLE_ENTITY,
  THRESHOLD_OUT_OF_REACH: HttpStatus.UNPROCESSABLE_ENTITY,
  OPERATOR_NOT_ASKED: HttpStatus.UNPROCESSABLE_ENTITY,
  NOT_RECOUNTABLE: HttpStatus.CONFLICT,
  NOT_IC_OS: HttpStatus.UNPROCESSABLE_ENTITY,
  PAYLOAD_BLANKED: HttpStatus.UNPROCESSABLE_ENTITY,
  MALFORMED_PAYLOAD: HttpStatus.UNPROCESSABLE_ENTITY,
  ARCHIVED: HttpStatus.GONE,
  LOG_BEHIND: HttpStatus.SERVICE_UNAVAILABLE,
  LOG_CORRUPT: HttpStatus.SERVICE_UNAVAILABLE,
  UNREACHABLE: HttpStatus.BAD_GATEWAY,
  UNCERTIFIED: HttpStatus.BAD_GATEWAY,
  CERTIFICATE_OUTDATED: HttpStatus.BAD_GATEWAY,
  REJECTED: HttpStatus.BAD_GATEWAY,
  MALFORMED_ANSWER: HttpStatus.BAD_GATEWAY,
};
