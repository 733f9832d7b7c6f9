import { z } from 'zod';
import { checkOperator, keySubjects, checkSubjects, Moment, Operator } from './key-set.js';
import { Id, Label, readPredicate, type Statement } from './statement.js';
import { BUILDER_ORDER, STATEMENT_TYPE } from './type-uri.js';

/** What can be ordered of a builder that was approved. */
export const BuilderOrderKind = z.enum(['pause', 'resume', 'drain', 'retire', 'revoke']);
export type BuilderOrderKind = z.infer<typeof BuilderOrderKind>;

/**
 * An operator's order about a builder of its own, signed by the operator's key. It is good for one
 * coordinator, within a window of time, and once.
 */
export const BuilderOrder = z.strictObject({
  /** Name of the coordinator's log. */
  coordinator: Label,
  operator: Operator,
  builder: Id,
  order: BuilderOrderKind,
  reason: Label,
  /** 16 random bytes in hex: no order is carried out twice. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 lower-case hexadecimal characters'),
  at: Moment,
});
export type BuilderOrder = z.infer<typeof BuilderOrder>;

/** Makes the statement of an order. */
export function builderOrderStatement(order: BuilderOrder): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: keySubjects(order.operator.publicKey),
    predicateType: BUILDER_ORDER,
    predicate: order,
  };
}

/**
 * Reads an order. Whose the builder is, and whether the order is new, is for the coordinator to say.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_SUBJECT, WRONG_OPERATOR and the
 *   codes of `checkPublicKey`
 */
export function readBuilderOrder(statement: Statement): BuilderOrder {
  const order = readPredicate(statement, BUILDER_ORDER, BuilderOrder);
  checkSubjects(statement, order.operator.publicKey);
  checkOperator(order.operator);
  return order;
}
