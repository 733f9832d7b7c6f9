import { z } from 'zod';
import { sha256 } from '#libs/encoding';
import { AttestationError } from './error.js';
import { Label, readPredicate, Time, type Statement } from './statement.js';
import { ADMIN_ACT, STATEMENT_TYPE } from './type-uri.js';

/** What one detail of an act may be: nothing that needs a second look to be shown. */
const Detail = z.union([Label, z.number().int(), z.boolean(), z.null(), z.array(Label).max(256)]);

/**
 * Who did it: the id of an access token, an operator's principal that signed an order, the console of
 * the database, or the coordinator by its own rules.
 */
export const Actor = z.object({
  kind: z.enum(['token', 'operator', 'console', 'coordinator']),
  /** Of a token its id, never its secret. */
  id: Label,
});
export type Actor = z.infer<typeof Actor>;

/**
 * The coordinator's word on what somebody with the right to it had it do. No verdict is decided by it; a
 * restored database ends again what acts have ended.
 */
export const AdminAct = z.object({
  /** In kebab case: `round-open`, `token-revoke`. */
  act: z.string().regex(/^[a-z][a-z-]{0,39}$/, 'expected lower-case letters and hyphens'),
  actor: Actor,
  /** To what it was done, such as `round/ID`, `token/ID`, `builder/ID`. */
  subject: Label,
  /** What else is to be known of it: no secret, and nothing by which a person is reached. */
  detail: z.record(z.string().regex(/^[a-z][A-Za-z]{0,39}$/), Detail),
  at: Time,
});
export type AdminAct = z.infer<typeof AdminAct>;

/** Makes the statement that is logged of an administrative act; its subject goes by the digest of its name. */
export function adminActStatement(act: AdminAct): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: act.subject, digest: { sha256: sha256(act.subject) } }],
    predicateType: ADMIN_ACT,
    predicate: act,
  };
}

/**
 * Reads an AdminAct.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_SUBJECT
 */
export function readAdminAct(statement: Statement): AdminAct {
  const act = readPredicate(statement, ADMIN_ACT, AdminAct);
  if (statement.subject[0]?.name === act.subject) return act;
  throw new AttestationError('WRONG_SUBJECT', 'an act has to be about the subject that it names');
}
