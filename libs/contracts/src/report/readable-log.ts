const ESCAPE = String.fromCharCode(0x1b);
const BELL = String.fromCharCode(0x07);
/** What terminals obey: colours and moves, titles, and the short ones. */
const SEQUENCES = new RegExp(
  [
    `${ESCAPE}\\[[0-?]*[ -/]*[@-~]`,
    `${ESCAPE}[\\]PX^_][^${BELL}${ESCAPE}\\n]*(?:${BELL}|${ESCAPE}\\\\)?`,
    `${ESCAPE}[ -/]*[0-~]`,
  ].join('|'),
  'g',
);
const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029]/g;
/** What is left of that, what shows text in another place than it stands, and halves of characters. */
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes a log readable that may hold anything: without what a terminal would obey and without
 * bidirectional controls, its lines ended by line feeds alone. Safe to print, and it comes to the same
 * when done twice; still no markup.
 */
export function readableLog(text: string): string {
  return text.replaceAll(SEQUENCES, '').replaceAll(LINE_ENDS, '\n').replaceAll(UNSAFE, '');
}

/** Tells whether a log is readable as it stands. */
export function isReadableLog(text: string): boolean {
  return text.search(UNSAFE) === -1;
}
