import { TlogError } from './error.js';
import { MAX_NOTE_BYTES, MAX_SIGNATURES } from './note.js';
import { parseSignatureLine } from './signature-line.js';
import { decodeText } from './text.js';

/**
 * Appends signature lines, as `formatSignatureLine` writes them, to a signed note. A line
 * that stands there already is passed over; nothing is ever replaced or verified, so verify a
 * cosignature before it is added: one wrong line of a known key spoils the note for openNote.
 *
 * @throws TlogError MALFORMED_NOTE when the note is none, a line is no signature line, or there
 *   would be more than {@link MAX_SIGNATURES} of them
 * @throws TlogError TOO_LARGE above {@link MAX_NOTE_BYTES}
 * Source: C2SP signed-note, "Format"
 */
export function addSignatures(note: Uint8Array | string, lines: readonly string[]): string {
  const whole = decodeText(note, MAX_NOTE_BYTES, 'MALFORMED_NOTE');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) throw malformed('no blank line parts the text from its signatures');
  if (!whole.endsWith('\n')) throw malformed('the last line does not end in a newline');
  const present = whole.slice(split + 2).split(/(?<=\n)/);
  const added = [...new Set(lines)].filter((line) => !present.includes(line));
  const count = present.length + added.length;
  if (count > MAX_SIGNATURES) {
    throw malformed(`${count} signatures, expected at most ${MAX_SIGNATURES}`);
  }
  for (const line of [...present, ...added]) parseSignatureLine(line, 'MALFORMED_NOTE');
  return decodeText(whole + added.join(''), MAX_NOTE_BYTES, 'MALFORMED_NOTE');
}

function malformed(message: string): TlogError {
  return new TlogError('MALFORMED_NOTE', message);
}
