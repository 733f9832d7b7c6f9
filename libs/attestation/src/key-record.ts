import { z } from 'zod';
import { fromBase64, quote } from '#libs/encoding';
import { openEnvelope, unverifiedPayload, type Envelope } from './dsse.js';
import { AttestationError } from './error.js';
import { readKeyEnrolment, type KeyEnrolment } from './key-enrolment.js';
import { readKeyRevocation, type KeyRevocation } from './key-revocation.js';
import { readKeyRotation, type KeyRotation } from './key-rotation.js';
import { Operator } from './key-set.js';
import { keyIdOf } from './key.js';
import { parseStatement, readAs, type Statement } from './statement.js';
import { KEY_ENROLMENT, KEY_REVOCATION, KEY_ROTATION } from './type-uri.js';

/** A logged statement about keys, whose signature was verified. */
export interface KeyRecord {
  readonly logIndex: number;
  readonly statement: Statement;
  /** `keyIdOf` of the key that the envelope was verified with; never the envelope's own hint. */
  readonly signerKeyId: string;
}

/** What a record says, by its kind. */
export type KeyEvent =
  | { readonly kind: 'enrolment'; readonly said: KeyEnrolment }
  | { readonly kind: 'rotation'; readonly said: KeyRotation }
  | { readonly kind: 'revocation'; readonly said: KeyRevocation };

const NamesOperator = z.object({ operator: Operator });

const KEY_STATEMENTS: ReadonlySet<string> = new Set([KEY_ENROLMENT, KEY_ROTATION, KEY_REVOCATION]);

/** Says whether a statement belongs into the keys' history. */
export function isKeyStatement({ predicateType }: Statement): boolean {
  return KEY_STATEMENTS.has(predicateType);
}

/**
 * Verifies an envelope with the key of the operator that its statement names. That this operator may
 * say so is for the history to decide.
 *
 * @throws AttestationError MALFORMED_ENVELOPE, MALFORMED_STATEMENT, BAD_SIGNATURE, BAD_KEY
 */
export function openKeyRecord(envelope: Envelope, logIndex: number): KeyRecord {
  const claimed = parseStatement(unverifiedPayload(envelope)).predicate;
  const { operator } = readAs(NamesOperator, claimed, 'a statement of an operator');
  const publicKey = fromBase64(operator.publicKey);
  const statement = parseStatement(openEnvelope(envelope, publicKey));
  return { logIndex, statement, signerKeyId: keyIdOf(publicKey) };
}

/**
 * Reads what a record says.
 *
 * @throws AttestationError WRONG_KIND for another predicate, and the codes of the reader of its kind
 */
export function readKeyEvent(statement: Statement): KeyEvent {
  switch (statement.predicateType) {
    case KEY_ENROLMENT:
      return { kind: 'enrolment', said: readKeyEnrolment(statement) };
    case KEY_ROTATION:
      return { kind: 'rotation', said: readKeyRotation(statement) };
    case KEY_REVOCATION:
      return { kind: 'revocation', said: readKeyRevocation(statement) };
    default:
      throw new AttestationError(
        'WRONG_KIND',
        `statement is ${quote(statement.predicateType)}: expected an enrolment, a rotation or a revocation`,
      );
  }
}
