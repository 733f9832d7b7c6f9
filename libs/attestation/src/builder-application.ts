import { z } from 'zod';
import { fromBase64 } from '#libs/encoding';
import { Capabilities, Tags } from './capabilities.js';
import { checkPublicKey } from './key-check.js';
import { checkSubjects, keySubjects, Moment } from './key-set.js';
import { Bytes32, Id, Label, readPredicate, type Statement } from './statement.js';
import { BUILDER_APPLICATION, STATEMENT_TYPE } from './type-uri.js';

/** How the operator is reached: for the group alone, and never logged or shown to anybody else. */
export const Contact = Label.max(200);

/**
 * What a builder tells about itself when it asks a coordinator to have it. Signed by the builder's
 * attestation key, and never logged. Of two the one with the later `at` counts.
 */
export const BuilderApplication = z.strictObject({
  /** Name of the coordinator's log: an application is good for no other coordinator. */
  coordinator: Label,
  builder: Id,
  /** The attestation key that it has now. */
  publicKey: Bytes32,
  capabilities: Capabilities,
  tags: Tags,
  contact: Contact.nullable(),
  at: Moment,
});
export type BuilderApplication = z.infer<typeof BuilderApplication>;

/** Makes the statement by which a builder asks to join. */
export function builderApplicationStatement(application: BuilderApplication): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: keySubjects(application.publicKey),
    predicateType: BUILDER_APPLICATION,
    predicate: application,
  };
}

/**
 * Reads an application. Whether the key is the builder's is for its enrolment to say.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_SUBJECT and the codes of
 *   `checkPublicKey`
 */
export function readBuilderApplication(statement: Statement): BuilderApplication {
  const application = readPredicate(statement, BUILDER_APPLICATION, BuilderApplication);
  checkSubjects(statement, application.publicKey);
  checkPublicKey(fromBase64(application.publicKey));
  return application;
}
