import { quote } from '#libs/encoding';
import { TlogError } from './error.js';
import type { NoteKey, NoteSigner, NoteVerifier } from './note-key.js';
import { formatSignatureLine, parseSignatureLine } from './signature-line.js';
import type { NoteSignature } from './signature-line.js';
import { decodeText, textFault } from './text.js';

/** Signatures in one note: C2SP asks for 16 at least; more than this is refused. */
export const MAX_SIGNATURES = 100;

/** Bytes of one note: room for {@link MAX_SIGNATURES} post-quantum ones. */
export const MAX_NOTE_BYTES = 500_000;

/** A note of which at least one signature was verified, and none of a known key is wrong. */
export interface OpenNote {
  /** What was signed, with its final newline. */
  readonly text: string;
  /** By known keys, each key once, in the order of the note. Never empty. */
  readonly verified: readonly NoteSignature[];
  /** By keys that no verifier was given for. Nothing is known of them but that they are there. */
  readonly unknown: readonly NoteSignature[];
}

/**
 * Signs a text with each signer, in their order, and returns the note.
 *
 * @throws TlogError MALFORMED_NOTE when the text does not end in a newline, has another control
 *   character or a lone surrogate, or there is no signer or more than {@link MAX_SIGNATURES}
 * @throws TlogError MALFORMED_KEY when a signer's name or id is malformed
 * @throws TlogError TOO_LARGE above {@link MAX_NOTE_BYTES}
 * Source: C2SP signed-note, "Format"
 */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const fault = text.endsWith('\n') ? textFault(text) : 'it does not end in a newline';
  if (fault !== undefined) throw malformed(`${quote(text)} cannot be signed: ${fault}`);
  checkCount(signers.length);
  const bytes = Buffer.from(text);
  const lines = signers.map(({ name, keyId, sign }) =>
    formatSignatureLine({ name, keyId, signature: sign(bytes) }),
  );
  return decodeText(`${text}\n${lines.join('')}`, MAX_NOTE_BYTES, 'MALFORMED_NOTE');
}

/**
 * Reads a note and verifies it. Signatures of unknown keys are passed over, also when they share a
 * known key's name or its id, but not both. A wrong signature of a known key spoils the note, even
 * beside right ones. A key that signed twice counts once.
 *
 * @throws TlogError MALFORMED_NOTE or TOO_LARGE when the bytes are no note
 * @throws TlogError BAD_SIGNATURE when a known key's signature is wrong
 * @throws TlogError NO_KNOWN_SIGNATURE when no known key signed
 * @throws TlogError AMBIGUOUS_KEY when two verifiers share a name and an id
 * Source: C2SP signed-note, "Format" and "Signatures"
 */
export function openNote(note: Uint8Array | string, verifiers: readonly NoteVerifier[]): OpenNote {
  const known = byKey(verifiers);
  const { text, signatures } = splitNote(note);
  const bytes = Buffer.from(text);
  const verified = new Map<string, NoteSignature>();
  const unknown: NoteSignature[] = [];
  for (const signature of signatures) {
    const verifier = known.get(keyOf(signature));
    if (verifier === undefined) {
      unknown.push(signature);
    } else if (!verifier.verify(bytes, signature.signature)) {
      const who = `${quote(signature.name)} (key ${signature.keyId})`;
      throw new TlogError('BAD_SIGNATURE', `signature of ${who} does not fit the note's text`);
    } else if (!verified.has(keyOf(signature))) {
      verified.set(keyOf(signature), signature);
    }
  }
  if (verified.size === 0) {
    const names = verifiers.map(({ name }) => name).join(', ');
    throw new TlogError('NO_KNOWN_SIGNATURE', `no signature is of a known key (${quote(names)})`);
  }
  return { text, verified: [...verified.values()], unknown };
}

/**
 * Splits a note into text and signatures without verifying anything.
 *
 * @throws TlogError MALFORMED_NOTE or TOO_LARGE
 */
function splitNote(note: Uint8Array | string): {
  text: string;
  signatures: readonly NoteSignature[];
} {
  const whole = decodeText(note, MAX_NOTE_BYTES, 'MALFORMED_NOTE');
  // The last blank line: the text may have blank lines of its own, signatures cannot.
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) throw malformed('no blank line parts the text from its signatures');
  if (!whole.endsWith('\n')) throw malformed('the last line does not end in a newline');
  const lines = whole.slice(split + 2).split(/(?<=\n)/);
  checkCount(lines.length);
  const signatures = lines.map((line) => parseSignatureLine(line, 'MALFORMED_NOTE'));
  return { text: whole.slice(0, split + 1), signatures };
}

function byKey(verifiers: readonly NoteVerifier[]): ReadonlyMap<string, NoteVerifier> {
  const known = new Map(verifiers.map((verifier) => [keyOf(verifier), verifier]));
  if (known.size === verifiers.length) return known;
  throw new TlogError('AMBIGUOUS_KEY', 'two verifiers have one name and one key id');
}

function keyOf({ name, keyId }: NoteKey): string {
  return `${name}+${keyId}`;
}

function checkCount(count: number): void {
  if (count >= 1 && count <= MAX_SIGNATURES) return;
  throw malformed(`${count} signatures, expected 1 to ${MAX_SIGNATURES}`);
}

function malformed(message: string): TlogError {
  return new TlogError('MALFORMED_NOTE', message);
}
