import {
  AttestationError,
  builderIdOf,
  Label,
  publicKeyFromText,
  type Operator,
  type Signer,
} from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { readSecretKey } from './secret-key.js';

/** How a command names the operator that a record is of. */
export interface OperatorOptions {
  readonly operatorKey?: string;
  readonly operatorPublic?: string;
  readonly operatorName?: string;
  readonly passphraseFile?: string;
}

/** Who answers for a record, and whether its key is at hand. */
export interface NamedOperator {
  readonly operator: Operator;
  /** Null where only the public key was given: then the record has to be signed elsewhere. */
  readonly signer: Signer | null;
}

/**
 * Reads who answers for a record, by a private key that can sign it or by a public one.
 *
 * @throws CommandError usage
 */
export async function readOperator(options: OperatorOptions): Promise<NamedOperator> {
  const { operatorKey, operatorPublic, passphraseFile } = options;
  if ((operatorKey === undefined) === (operatorPublic === undefined)) {
    throw new CommandError(
      EXIT.usage,
      'name the operator by --operator-key FILE or by --operator-public KEY, one of them',
      '--operator-public makes a request, which `operator sign` signs where the key is',
    );
  }
  const signer =
    operatorKey === undefined ? null : await readSecretKey(operatorKey, passphraseFile ?? null);
  const publicKey = signer?.publicKey ?? readPublicKey(operatorPublic ?? '', '--operator-public');
  const id = builderIdOf(publicKey);
  const name = readLabel(options.operatorName ?? id, '--operator-name');
  return { operator: { id, name, publicKey: toBase64(publicKey) }, signer };
}

/**
 * Reads a public key that was given as an option's value.
 *
 * @throws CommandError usage
 */
export function readPublicKey(text: string, option: string): Uint8Array {
  try {
    return publicKeyFromText(text);
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    throw new CommandError(EXIT.usage, `${option}: ${cause.message}`, null, { cause });
  }
}

/**
 * Reads words for people, which the log keeps for ever.
 *
 * @throws CommandError usage
 */
export function readLabel(text: string, option: string): string {
  const parsed = Label.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new CommandError(
    EXIT.usage,
    `${option} takes 1 to 200 characters on one line, without control characters`,
  );
}
