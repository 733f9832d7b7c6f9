/** Lines of a build's log; the positions are those in the log as the build writes it. */
export interface LogPiece {
  readonly fromByte: number;
  /** Where the lines end: there the next piece begins, unless what is between was not told. */
  readonly nextByte: number;
  readonly text: string;
}

/** Most characters of a log that are kept to be shown. */
const TAIL_CHARACTERS = 8_000;

/**
 * Takes a piece of a log to those that are known; the end of them is kept. What it tells again, since the
 * stream broke or the build began anew, takes the place of what was told before: no line is there twice.
 */
export function withPiece(known: readonly LogPiece[], piece: LogPiece): readonly LogPiece[] {
  const pieces = [...known.filter(({ nextByte }) => nextByte <= piece.fromByte), piece];
  const kept: LogPiece[] = [];
  let left = TAIL_CHARACTERS;
  for (const one of pieces.toReversed()) {
    if (left <= 0) break;
    kept.unshift({ ...one, text: one.text.slice(-left) });
    left -= one.text.length;
  }
  return kept;
}

/** The pieces one after the other; where lines are missing between them, a line says so. */
export function joinPieces(pieces: readonly LogPiece[]): string {
  return pieces
    .map(({ fromByte, text }, at) => {
      const missing = fromByte - (pieces[at - 1]?.nextByte ?? fromByte);
      return missing > 0 ? `[${missing} bytes were not told]\n${text}` : text;
    })
    .join('');
}
