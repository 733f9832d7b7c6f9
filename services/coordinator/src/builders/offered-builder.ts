import { HttpStatus } from '@nestjs/common';
import {
  AttestationError,
  openEnvelope,
  parseStatement,
  readBuilderApplication,
  type BuilderApplication,
  type Envelope,
  type KeyEnrolment,
  type KeyRotation,
} from '#libs/attestation';
import type { Enrol } from '#libs/contracts';
import { fromBase64, quote } from '#libs/encoding';
import { ProblemError } from '#libs/platform';
import { keyProblem } from '../keys/key-problems.js';
import { readOffered, type OfferedRecord } from '../keys/offered-record.js';

/** How far an application's time may be from now: it is made when it is sent. */
const WINDOW_MS = 86_400_000;

/** A builder that asks to join: both of its envelopes verified, and of one builder. */
export interface OfferedBuilder {
  readonly record: OfferedRecord;
  /** What brought the keys that it has; a rotation where it asks again. */
  readonly enrolment: KeyEnrolment | KeyRotation;
  readonly application: BuilderApplication;
}

/**
 * Verifies what a builder sends to join. Whether its keys are new is for the log to say.
 *
 * @param coordinator name of this coordinator's log
 * @throws ProblemError application-unusable, and what a key record is refused with
 */
export function readOfferedBuilder(
  { enrolment, application }: Enrol,
  coordinator: string,
  now: Date,
): OfferedBuilder {
  const record = readOffered(enrolment);
  if (record.event.kind === 'revocation') {
    throw keyProblem('unreadable', 'this is a revocation, and brings no keys');
  }
  const { said } = record.event;
  const read = readApplication(application, said.keys.attestation);
  if (read.builder !== said.builder || read.publicKey !== said.keys.attestation) {
    throw unusable(`it is builder ${read.builder}'s, and the enrolment is ${said.builder}'s`);
  }
  if (read.coordinator !== coordinator) {
    const [theirs, ours] = [quote(read.coordinator), quote(coordinator)];
    throw unusable(`it is for the coordinator of log ${theirs}, and this one has ${ours}`);
  }
  if (!(Math.abs(Date.parse(read.at) - now.getTime()) <= WINDOW_MS)) {
    throw unusable(`it was signed at ${read.at}, a day or more from now: is the clock right?`);
  }
  requireValid(said, now);
  return { record, enrolment: said, application: read };
}

/** By the key that its record brings, so that nobody changes the application of another. */
function readApplication(envelope: Envelope, publicKey: string): BuilderApplication {
  try {
    const payload = openEnvelope(envelope, fromBase64(publicKey));
    return readBuilderApplication(parseStatement(payload));
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    throw unusable(`${cause.code}: ${cause.message}`, cause);
  }
}

/** Keys that have ended would be approved, and never invited. */
function requireValid({ validFrom, validUntil }: OfferedBuilder['enrolment'], now: Date): void {
  const isValid = Date.parse(validFrom) <= now.getTime() && now.getTime() < Date.parse(validUntil);
  if (!isValid) {
    throw unusable(`its keys are valid from ${validFrom} until ${validUntil}, and not now`);
  }
}

function unusable(reason: string, cause?: unknown): ProblemError {
  return new ProblemError(
    HttpStatus.UNPROCESSABLE_ENTITY,
    'application-unusable',
    `the application cannot be used: ${reason}; make it with \`builder enroll --coordinator\``,
    { cause },
  );
}
