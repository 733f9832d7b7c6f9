import {
  AttestationError,
  parseStatement,
  readKeyEvent,
  signStatement,
  type KeyEvent,
  type Signer,
  type Statement,
} from '#libs/attestation';
import { KeyLogged, ROUTES } from '#libs/contracts';
import { canonicalJson } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { Api } from '../round/api.js';
import { printData, printJson, say } from '../terminal.js';
import { writeWhole } from '../write-file.js';
import { recordText } from './record-text.js';

/** Where a record goes. */
export interface FinishOptions {
  readonly out?: string;
  readonly request?: string;
  readonly submit?: string;
  readonly json?: true;
}

/** A record that is ready to be signed. */
export interface Draft {
  readonly statement: Statement;
  /** Null where the operator's key is on another machine. */
  readonly signer: Signer | null;
  /** Files that were read, which are never written over. */
  readonly inputs: readonly string[];
}

/**
 * Says what becomes public, and writes the record: signed where the operator's key is at hand, else
 * as a request for `operator sign`. Nothing is written that could not be read back.
 *
 * @throws CommandError usage
 */
export async function finish(draft: Draft, options: FinishOptions): Promise<void> {
  const { statement, signer, inputs } = draft;
  const { target, isRequest } = targetOf(options, signer !== null);
  const event = readBack(statement);
  const envelope = signer === null ? null : signStatement(statement, signer);
  const content = envelope === null ? `${canonicalJson(statement)}\n` : JSON.stringify(envelope);
  writeWhole(target, `${content.trimEnd()}\n`, inputs);
  if (options.json !== true) printData(recordText(event));
  say(`all of this, and nothing else, becomes public for ever once the record is logged`);
  say(
    isRequest
      ? `the request is in ${target}: have the operator sign it with \`operator sign\``
      : `the record is in ${target}`,
  );
  const logged =
    envelope === null || options.submit === undefined
      ? null
      : await new Api(options.submit).post(ROUTES.keys, envelope, KeyLogged);
  if (logged !== null) say(`it is in the log for good, at index ${logged.index}`);
  if (options.json === true) printJson({ statement, envelope, logged });
}

/** @throws CommandError usage */
function targetOf(
  { out, request, submit }: FinishOptions,
  canSign: boolean,
): { target: string; isRequest: boolean } {
  if (canSign && out !== undefined && request === undefined) {
    return { target: out, isRequest: false };
  }
  if (!canSign && request !== undefined && out === undefined && submit === undefined) {
    return { target: request, isRequest: true };
  }
  throw new CommandError(
    EXIT.usage,
    canSign
      ? 'name the file for the signed record with --out, and no --request'
      : 'without the operator’s private key only a request can be made: --request FILE',
    '--operator-key goes with --out and --submit, --operator-public with --request',
  );
}

/** What no coordinator could read must not be handed out. @throws CommandError usage */
export function readBack(statement: Statement): KeyEvent {
  try {
    return readKeyEvent(parseStatement(Buffer.from(canonicalJson(statement))));
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    throw new CommandError(EXIT.usage, `${cause.code}: ${cause.message}`, null, { cause });
  }
}
