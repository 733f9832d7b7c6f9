import { quote, toBase64, toHex } from '#libs/encoding';
import { TlogError } from './error.js';
import type { TlogErrorCode } from './error.js';
import { asKeyName, keyIdBytes } from './note-key.js';
import type { NoteKey } from './note-key.js';
import { decodeBase64 } from './text.js';

/** A signature as it stands in a note. */
export interface NoteSignature extends NoteKey {
  readonly signature: Uint8Array;
}

/** Writes one signature line of a note, newline and all. */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${asKeyName(name)} ${toBase64(Buffer.concat([keyIdBytes(keyId), signature]))}\n`;
}

/** Reads one signature line, newline and all; a fault takes the caller's code. */
export function parseSignatureLine(line: string, code: TlogErrorCode): NoteSignature {
  const [, name, encoded] = /^— ([^ \n]+) ([^ \n]+)\n$/.exec(line) ?? [];
  if (name === undefined || encoded === undefined) {
    throw new TlogError(
      code,
      `${quote(line)} is not a signature line: expected an em dash, a name, base64 and a newline`,
    );
  }
  try {
    asKeyName(name);
  } catch (cause) {
    throw new TlogError(code, `signature of ${quote(name)}: that is no key name`, { cause });
  }
  const blob = decodeBase64(encoded, code);
  if (blob.length < 5) throw new TlogError(code, `signature of ${quote(name)} is empty`);
  return { name, keyId: toHex(blob.subarray(0, 4)), signature: blob.slice(4) };
}
