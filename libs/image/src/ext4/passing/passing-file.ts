import type { Sha256 } from '#libs/encoding';
import type { ForgetfulSink } from '../../content-sink.js';
import { PEEK_BYTES, recognise } from '../../recognise.js';
import { isZero } from '../zeros.js';
import { FileHash } from './file-hash.js';
import type { SingleRun } from './single-run.js';

/** One file that streams by, to the end of its last block. */
export class PassingFile {
  readonly inode: number;
  /** Null until all of it came; also after, where it is hashed elsewhere, or is kept. */
  digest: Sha256 | null = null;
  /** What lies between its end and that of its last block, unless it is zeros. */
  slack: Buffer | null = null;
  isDone = false;
  readonly #sizeBytes: number;
  readonly #hash: FileHash;
  readonly #peekBytes: number;
  readonly #slackBytes: number;
  #leftBytes: number;
  #leftSlackBytes: number;
  /** Its first bytes, while they are too few to tell what it is. */
  #head: Buffer | null = null;
  #isPlain = false;

  /** @param offer takes a file that comes whole to hash it elsewhere, or does not */
  constructor(
    { inode, sizeBytes }: SingleRun,
    blockBytes: number,
    private readonly offer: (inode: number, bytes: Buffer) => boolean,
  ) {
    this.#sizeBytes = sizeBytes;
    this.inode = inode;
    this.#hash = new FileHash(sizeBytes);
    this.#peekBytes = Math.min(sizeBytes, PEEK_BYTES);
    this.#leftBytes = sizeBytes;
    this.#slackBytes = Math.ceil(sizeBytes / blockBytes) * blockBytes - sizeBytes;
    this.#leftSlackBytes = this.#slackBytes;
  }

  /** Takes the next bytes; tells how many of them are the file's. */
  data(bytes: Buffer, to: ForgetfulSink): number {
    if (!this.#isPlain) return this.#takeHead(bytes, to);
    if (this.#leftBytes === 0) return this.#takeSlack(bytes, to);
    const own = bytes.subarray(0, this.#leftBytes);
    this.#leftBytes -= own.length;
    const isBeside = own.length === this.#sizeBytes && this.offer(this.inode, own);
    if (!isBeside) this.digest = this.#hash.data(own);
    to.forget(own);
    this.#checkEnd();
    return own.length;
  }

  /** The same for zeros that nobody stores. */
  hole(lengthBytes: number, to: ForgetfulSink): number {
    if (!this.#isPlain) {
      return this.#takeHead(Buffer.alloc(Math.min(lengthBytes, this.#peekBytes)), to);
    }
    const isSlack = this.#leftBytes === 0;
    const own = Math.min(lengthBytes, isSlack ? this.#leftSlackBytes : this.#leftBytes);
    if (isSlack) {
      this.#leftSlackBytes -= own;
    } else {
      this.#leftBytes -= own;
      this.digest = this.#hash.hole(own);
    }
    to.hole(own);
    this.#checkEnd();
    return own;
  }

  /** Gives on what was not decided about. */
  giveUp(to: ForgetfulSink): void {
    if (this.#head !== null) to.data(this.#head);
    this.#head = null;
  }

  #takeHead(bytes: Buffer, to: ForgetfulSink): number {
    const known = this.#head;
    const own = bytes.subarray(0, this.#peekBytes - (known?.length ?? 0));
    const head = known === null ? own : Buffer.concat([known, own]);
    if (head.length < this.#peekBytes) {
      this.#head = known === null ? Buffer.from(own) : head;
      return own.length;
    }
    this.#head = null;
    // Whoever reads what is in it needs its bytes.
    if (recognise(head) !== null) {
      this.isDone = true;
      to.data(head);
      return own.length;
    }
    this.#isPlain = true;
    if (known === null) return this.data(bytes, to);
    this.data(head, to);
    return own.length;
  }

  #takeSlack(bytes: Buffer, to: ForgetfulSink): number {
    const own = bytes.subarray(0, this.#leftSlackBytes);
    if (isZero(own)) {
      to.hole(own.length);
    } else {
      this.slack ??= Buffer.alloc(this.#slackBytes);
      own.copy(this.slack, this.#slackBytes - this.#leftSlackBytes);
      to.forget(own);
    }
    this.#leftSlackBytes -= own.length;
    this.#checkEnd();
    return own.length;
  }

  #checkEnd(): void {
    this.isDone = this.#leftBytes === 0 && this.#leftSlackBytes === 0;
  }
}
