import type { LogTail } from '#libs/contracts';

/** What is kept of a log for those who come later, in characters. */
const KEPT_CHARS = 16_384;

/** What was told of a log that is being written: its end is told again to who begins to watch later. */
export class ToldTail {
  private pieces: LogTail[] = [];
  private next: number | null = null;

  /** Where the next piece begins; null before the first one. */
  get nextByte(): number | null {
    return this.next;
  }

  /** What is kept, oldest first. */
  get kept(): readonly LogTail[] {
    return this.pieces;
  }

  /** Takes what was told last. A build that begins anew writes its log from the beginning. */
  add(piece: LogTail): void {
    this.next = piece.nextByte;
    if (piece.text === '') return;
    this.pieces = [...this.pieces.filter(({ nextByte }) => nextByte <= piece.fromByte), piece];
    let chars = this.pieces.reduce((sum, { text }) => sum + text.length, 0);
    while (chars > KEPT_CHARS) chars -= this.pieces.shift()?.text.length ?? chars;
  }
}
