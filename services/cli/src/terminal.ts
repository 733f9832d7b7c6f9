import { plain } from '#libs/contracts';

/** Data goes to stdout; everything else, lower case and prefixed, to stderr. */
export function printData(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Prints a value as JSON. */
export function printJson(value: unknown): void {
  printData(JSON.stringify(value, null, 2));
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
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
