import type { Msg } from '@nats-io/transport-node';
import { isAnswerSubject } from '#libs/contracts';

/**
 * Where answers to builders may go: to the inbox of a client, or through the one-time subject by which a
 * server carries them into the builder's own account.
 *
 * Source: nats-server, server/accounts.go, replyPrefix; nats.js, createInbox
 */
const INBOX = /^(?:_INBOX|_R_)\.[A-Za-z0-9_.-]{1,128}$/;

/**
 * Answers a question that came to a builder; does nothing where the question names any other place for
 * the answer than the one for this builder's. Returns whether it answered.
 *
 * Whoever could name any place would have the builder speak there in its name.
 */
export function answerAsBuilder(question: Msg, builder: string, body: unknown): boolean {
  if (!isAnswerSubject(question.reply ?? '', builder)) return false;
  return question.respond(JSON.stringify(body));
}

/**
 * Answers a question that came from a builder; does nothing where it names any other place for the answer
 * than an inbox. Returns whether it answered.
 *
 * What the coordinator sends to a stream or to a builder is believed to be its word: a question whose
 * answer goes there would forge it.
 */
export function answerBuilder(question: Msg, body: unknown): boolean {
  if (!INBOX.test(question.reply ?? '')) return false;
  return question.respond(JSON.stringify(body));
}
