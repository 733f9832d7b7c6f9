import { HttpStatus } from '@nestjs/common';
import type { KeyFindingCode } from '#libs/attestation';
import { ProblemError } from '#libs/platform';

/** Which status a finding becomes, and what its sender can do. */
export const KEY_PROBLEMS: Readonly<Record<KeyFindingCode, readonly [HttpStatus, string]>> = {
  unreadable: [HttpStatus.UNPROCESSABLE_ENTITY, 'make it with `builder enroll|rotate|revoke`'],
  'out-of-order': [HttpStatus.CONFLICT, 'submit it again'],
  'foreign-signature': [
    HttpStatus.UNPROCESSABLE_ENTITY,
    'the operator that it names has to sign it: `operator sign`',
  ],
  'foreign-operator': [HttpStatus.UNPROCESSABLE_ENTITY, 'sign it with the key of that operator'],
  'foreign-builder': [HttpStatus.UNPROCESSABLE_ENTITY, "name the key's own builder"],
  'known-key': [HttpStatus.CONFLICT, 'a key is enrolled once and for one use: make new keys'],
  'unknown-key': [HttpStatus.UNPROCESSABLE_ENTITY, 'enrol it first: `builder enroll`'],
  'already-rotated': [HttpStatus.CONFLICT, "rotate the builder's newest key"],
  'already-revoked': [HttpStatus.CONFLICT, 'nothing is left to be done'],
  retired: [HttpStatus.CONFLICT, 'a retired builder does not come back'],
  'no-old-signature': [
    HttpStatus.UNPROCESSABLE_ENTITY,
    'let the old key sign too, or revoke it first as lost or compromised',
  ],
};

/** Makes the problem of a record that would count for nothing. */
export function keyProblem(code: KeyFindingCode, message: string, cause?: unknown): ProblemError {
  const [status, advice] = KEY_PROBLEMS[code];
  return new ProblemError(status, code, `${message}; ${advice}`, { cause });
}
