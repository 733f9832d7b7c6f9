import { createHash, type Hash, hash } from 'node:crypto';
import type { ContentSink } from '../content-sink.js';
import { hashZeros } from '../hash-zeros.js';
import { PEEK_BYTES } from '../recognise.js';
import type { ContentFacts, Context } from './context.js';
import { passingOf, type Passing } from './passing.js';
import type { Spool } from './spool.js';
import { TarIntake } from './tar-intake.js';
import { WaitingContent } from './waiting-content.js';

/** How a content that streams by is taken in. */
export interface IntakeOptions {
  readonly depth: number;
  /** Reads an archive as it comes, and spools it otherwise: only one stream is read at a time. */
  readonly isTarStreamed: boolean;
  /** Hashes whatever comes: for what was refused once. */
  readonly isOpaque?: boolean;
}

/**
 * Takes in one content that streams by: its first bytes decide whether it is hashed, kept to be read
 * in place, or read as it comes.
 */
export class Intake implements ContentSink {
  #head: Buffer[] = [];
  #headBytes = 0;
  #isDecided = false;
  #hash: Hash | null = null;
  #spool: Spool | null = null;
  /** What stands before the spool. */
  #passing: Passing | null = null;
  #tar: TarIntake | null = null;
  #waiting: WaitingContent | null = null;
  sizeBytes = 0;

  constructor(
    private readonly context: Context,
    private readonly options: IntakeOptions,
  ) {}

  data(bytes: Buffer): void {
    this.context.budget.takeBytes(bytes.length);
    this.sizeBytes += bytes.length;
    if (this.#isDecided) {
      this.#give(bytes);
      return;
    }
    const wanted = PEEK_BYTES - this.#headBytes;
    this.#head.push(Buffer.from(bytes.subarray(0, wanted)));
    this.#headBytes += Math.min(wanted, bytes.length);
    if (this.#headBytes < PEEK_BYTES) return;
    this.#decide();
    if (bytes.length > wanted) this.#give(bytes.subarray(wanted));
  }

  hole(lengthBytes: number): void {
    const first = this.#isDecided ? 0 : Math.min(lengthBytes, PEEK_BYTES - this.#headBytes);
    if (first > 0) this.data(Buffer.alloc(first));
    const left = lengthBytes - first;
    if (left === 0) return;
    const { budget } = this.context;
    // What is kept instead may never be hashed.
    if (this.#hash !== null) budget.takeHoles(left);
    budget.takeBytes(left);
    this.sizeBytes += left;
    if (this.#waiting === null && budget.mayGoOn(left)) this.#skip(left);
    else (this.#waiting ??= new WaitingContent()).hole(left);
  }

  /** Reads what members came whole since the last time, and gives on what waits behind holes. */
  async settle(): Promise<void> {
    await this.#tar?.settle();
    if (this.#waiting === null) return;
    const taker: ContentSink = {
      data: (bytes) => {
        this.#take(bytes);
      },
      hole: (lengthBytes) => {
        this.#skip(lengthBytes);
      },
    };
    await this.#waiting.giveTo(taker, this.context.budget);
    this.#waiting = null;
  }

  /** Whether something waits, or is to be read once it is whole, so that {@link facts} does not do. */
  get isWaiting(): boolean {
    if (!this.#isDecided) this.#decide();
    return this.#tar !== null || this.#spool !== null || this.#waiting !== null;
  }

  /** Ends it, and reads what is to be read. */
  async end(): Promise<ContentFacts> {
    if (!this.isWaiting) return this.facts();
    await this.settle();
    if (this.#tar !== null) return { attributes: {}, inside: await this.#tar.end() };
    return this.#spool === null ? this.facts() : this.#read(this.#spool);
  }

  /** Ends what was merely hashed. */
  facts(): ContentFacts {
    const content = this.#hash?.digest('hex') ?? hash('sha256', Buffer.concat(this.#head));
    return { attributes: { content } };
  }

  /** Gives up what is kept on disk. */
  abandon(): void {
    this.#spool?.abandon();
    this.#tar?.abandon();
  }

  async #read(spool: Spool): Promise<ContentFacts> {
    this.#spool = null;
    await this.#passing?.end();
    const spooled = spool.finish(this.#passing?.passed);
    try {
      return await this.context.describe(spooled.source, this.options.depth);
    } finally {
      spooled.close();
    }
  }

  #decide(): void {
    this.#isDecided = true;
    const head = Buffer.concat(this.#head);
    const { depth, isTarStreamed, isOpaque } = this.options;
    const form = isOpaque === true ? null : this.context.formAt(head, depth);
    if (form === 'tar' && isTarStreamed) this.#tar = new TarIntake(this.context, depth + 1);
    else if (form !== null) {
      this.#spool = this.context.spool();
      if (this.context.isForgetful)
        this.#passing = passingOf(form, this.#spool, this.context.thread);
    } else if (head.length < PEEK_BYTES) return;
    else this.#hash = createHash('sha256');
    this.#head = [];
    this.#give(head);
  }

  #give(bytes: Buffer): void {
    if (this.#waiting === null) this.#take(bytes);
    else this.#waiting.data(bytes);
  }

  #take(bytes: Buffer): void {
    if (this.#hash !== null) this.#hash.update(bytes);
    else if (this.#spool !== null) (this.#passing ?? this.#spool).data(bytes);
    else this.#tar?.data(bytes);
  }

  #skip(lengthBytes: number): void {
    if (this.#hash !== null) hashZeros(this.#hash, lengthBytes);
    else if (this.#spool !== null) (this.#passing ?? this.#spool).hole(lengthBytes);
    else this.#tar?.hole(lengthBytes);
  }
}
