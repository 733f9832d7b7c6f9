import { plain } from '#libs/contracts';

/**
 * Data goes to stdout; everything else, lower case and prefixed, to stderr.
 *
 * @param onLost called where stdout did not take it
 */
export function printData(text: string, onLost?: () => void): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`, (error) => {
    if (error) onLost?.();
  });
}

/** Prints a value as JSON. What could steer a terminal is escaped; a parser reads the same value. */
export function printJson(value: unknown, onLost?: () => void): void {
  printData(JSON.stringify(value, null, 2).replace(STEERING, escaped), onLost);
}

/** What JSON leaves as it is: control characters above ASCII, bidi marks, line separators. */
const STEERING = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** Says something beside the data. Hostile text in it cannot steer the terminal. */
export function say(message: string): void {
  const safe = message
    .split('\n')
    .map((line) => plain(line, 2000))
    .join('\n  ');
  process.stderr.write(`repro-quorum: ${safe}\n`);
}

/** Whether colours may be used on a stream. */
export function mayColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR } = process.env;
  return mayMoveCursor(stream) && (NO_COLOR === undefined || NO_COLOR === '');
}

/** Whether what was written on a stream may be written over. */
export function mayMoveCursor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env['TERM'] !== 'dumb';
}
