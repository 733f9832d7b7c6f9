import { existsSync } from 'node:fs';
import {
  builderIdOf,
  Envelope,
  keyEnrolmentStatement,
  openKeyRecord,
  proveEnrolment,
  readKeyEnrolment,
  readKeyEvent,
  signStatement,
  type KeyEvent,
} from '#libs/attestation';
import { fromBase64, quote } from '#libs/encoding';
import { CommandError, EXIT } from '../../exit.js';
import type { NewKeys } from '../../keys/new-keys.js';
import { readOperator, type OperatorOptions } from '../../keys/operator.js';
import { daysOf, periodOf } from '../../keys/period.js';
import { readJson } from '../../read-file.js';
import { say } from '../../terminal.js';
import { writeWhole } from '../../write-file.js';

/** Options that say what an operator's record of a builder has, or where it is. */
export interface EnrolmentOptions extends OperatorOptions {
  readonly enrolment?: string;
  readonly validDays?: string;
}

/** A record that brings keys: of a builder that was rotated its rotation. */
type Bringing = Exclude<KeyEvent, { kind: 'revocation' }>;

/** An operator's record of a builder. */
export interface Enrolment {
  readonly envelope: Envelope;
  readonly event: Bringing;
}

/**
 * Gives the record that was named, or that was made before, or a new one. An older record is never
 * sent in place of what was typed.
 *
 * @param kept where a new record is kept, for the next time; null for nowhere
 * @throws CommandError usage
 */
export async function enrolmentOf(
  options: EnrolmentOptions,
  kept: string | null,
  keys: NewKeys,
): Promise<Enrolment> {
  if (options.enrolment !== undefined) {
    const hint = 'leave them out to send it as it is, or have another signed by `operator sign`';
    return readEnrolment(options.enrolment, keys, { options, hint });
  }
  if (kept === null || !existsSync(kept)) return makeEnrolment(options, kept, keys);
  const hint = `leave them out to send it as it is; to begin anew move it away, or where the group has approved it already: \`builder rotate\``;
  const enrolment = await readEnrolment(kept, keys, { options, hint });
  say(`the record that was made before is sent: ${kept}`);
  return enrolment;
}

async function makeEnrolment(
  options: EnrolmentOptions,
  kept: string | null,
  keys: NewKeys,
): Promise<Enrolment> {
  if (options.operatorKey === undefined) {
    throw new CommandError(
      EXIT.usage,
      'name the operator by --operator-key FILE, or give the record that it signed by --enrolment FILE',
      'without the key here: `builder enroll --request FILE --operator-public KEY`, then `operator sign`',
    );
  }
  const { operator, signer } = await readOperator(options);
  const claim = {
    ...{ operator, builder: keys.signers.attestation.id, keys: keys.keys },
    ...{ ...periodOf(options.validDays, new Date()), previous: null },
  };
  const statement = keyEnrolmentStatement(proveEnrolment(claim, keys.signers));
  if (signer === null) throw new Error('an operator key was read, and does not sign');
  const envelope = signStatement(statement, signer);
  if (kept !== null) writeWhole(kept, `${JSON.stringify(envelope)}\n`, []);
  return { envelope, event: { kind: 'enrolment', said: readKeyEnrolment(statement) } };
}

interface Typed {
  readonly options: EnrolmentOptions;
  /** What to do where the record says something else. */
  readonly hint: string;
}

async function readEnrolment(path: string, { keys }: NewKeys, typed: Typed): Promise<Enrolment> {
  const envelope = await readJson(path, Envelope, 'a record that `operator sign` wrote');
  const event = readKeyEvent(openKeyRecord(envelope, 0).statement);
  if (event.kind !== 'revocation' && event.said.keys.attestation === keys.attestation) {
    await requireTyped(path, event.said, typed);
    return { envelope, event };
  }
  throw new CommandError(
    EXIT.usage,
    `${path} is ${event.kind === 'revocation' ? 'a revocation' : `of builder ${event.said.builder}`}, and the key is of ${builderIdOf(fromBase64(keys.attestation))}`,
    'have the record of this builder signed, or name its keys; after `builder rotate` the record is the one which that wrote: --enrolment FILE',
  );
}

/** Who typed another name or another period would believe that it is what everybody reads. */
async function requireTyped(
  path: string,
  said: Bringing['said'],
  { options, hint }: Typed,
): Promise<void> {
  const { operatorKey, operatorPublic, operatorName, validDays } = options;
  const isOperatorNamed = operatorKey !== undefined || operatorPublic !== undefined;
  const id = isOperatorNamed ? (await readOperator(options)).operator.id : said.operator.id;
  const days = validDays === undefined ? daysOf(said) : daysOf(periodOf(validDays, new Date()));
  const { name } = said.operator;
  const differences = [
    ...(id === said.operator.id ? [] : [`operator ${said.operator.id}, not ${id}`]),
    ...(operatorName === undefined || operatorName === name
      ? []
      : [`--operator-name ${quote(name)}, not ${quote(operatorName)}`]),
    ...(days === daysOf(said) ? [] : [`--valid-days ${daysOf(said)}, not ${days}`]),
  ];
  if (differences.length === 0) return;
  throw new CommandError(
    EXIT.usage,
    `the record in ${path} was made with ${differences.join('; ')}`,
    hint,
  );
}
