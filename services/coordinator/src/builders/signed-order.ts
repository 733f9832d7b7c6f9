import { HttpStatus } from '@nestjs/common';
import { z } from 'zod';
import {
  AttestationError,
  openEnvelope,
  Operator,
  parseStatement,
  readBuilderOrder,
  unverifiedPayload,
  type BuilderOrder,
  type Envelope,
} from '#libs/attestation';
import { fromBase64, quote } from '#libs/encoding';
import { ProblemError } from '#libs/platform';

/** How far an order's time may be from now, and so how long its nonce is remembered. */
export const ORDER_WINDOW_MS = 600_000;

const NamesOperator = z.object({ operator: Operator });

/**
 * Verifies an order by the key of the operator that it names. Whose the builder is, and whether the
 * order came before, is for the registry to say.
 *
 * @param coordinator name of this coordinator's log
 * @throws ProblemError order-unusable
 */
export function readSignedOrder(envelope: Envelope, coordinator: string, now: Date): BuilderOrder {
  const order = open(envelope);
  if (order.coordinator !== coordinator) {
    const [theirs, ours] = [quote(order.coordinator), quote(coordinator)];
    throw orderUnusable(`it is for the coordinator of log ${theirs}, and this one has ${ours}`);
  }
  if (!(Math.abs(Date.parse(order.at) - now.getTime()) <= ORDER_WINDOW_MS)) {
    throw orderUnusable(`it was signed at ${order.at}, more than ten minutes from now`);
  }
  return order;
}

/** Makes the problem of an order that is not carried out. */
export function orderUnusable(reason: string, cause?: unknown): ProblemError {
  return new ProblemError(
    HttpStatus.UNPROCESSABLE_ENTITY,
    'order-unusable',
    `the order is not carried out: ${reason}`,
    { cause },
  );
}

function open(envelope: Envelope): BuilderOrder {
  try {
    const claimed = NamesOperator.safeParse(parseStatement(unverifiedPayload(envelope)).predicate);
    if (!claimed.success) throw orderUnusable('it names no operator');
    const payload = openEnvelope(envelope, fromBase64(claimed.data.operator.publicKey));
    return readBuilderOrder(parseStatement(payload));
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    throw orderUnusable(`${cause.code}: ${cause.message}`, cause);
  }
}
