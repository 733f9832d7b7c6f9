import { verifyOnPool, type SignatureVerifier } from '#libs/attestation';
import { Batch, MESSAGE_BYTES } from './batch.js';
import { THREAD_PROGRAM } from './thread-program.js';
import { VerifyingThread } from './verifying-thread.js';

/** So many under way at once are worth the start of threads: some 30 ms of a processor for each. */
const START_AT = 32;
/** Fewer than these that come together are verified as fast without a thread. */
const BATCH_AT = 4;
/** After so many threads that ended, something is wrong with threads here. */
const MOST_ENDED = 8;

/**
 * Batches whose memory is kept for the next ones: ten megabytes, as many as who reads a bundle has under
 * way. Memory that is new each time costs as much as a tenth of the verifying.
 */
const MOST_SPARE = 40;

/** How a verifier is made. */
export interface ThreadVerifierOptions {
  /** Most threads at a time: as many as there are processors, and no more than the pool has. */
  readonly threads: number;
  /** What they run; for specs that want a thread which fails. */
  readonly program?: string;
}

type Settle = (isValid: boolean | PromiseLike<boolean>) => void;

interface Gathered {
  readonly batch: Batch;
  readonly settles: Settle[];
}

/**
 * Verifies signatures in batches, on threads that do nothing else: there, each costs a processor four
 * fifths of what the asynchronous call takes, and its caller next to nothing. Jobs that come within one
 * turn of the event loop go together. Where there are few, where a thread cannot be started, and where
 * one has ended before it answered, the asynchronous call does it as ever.
 */
export class ThreadVerifier {
  readonly #program: string;
  readonly #threads: (VerifyingThread | null)[];
  #gathered: Gathered = { batch: new Batch(), settles: [] };
  readonly #spare: Batch[] = [];
  #isTurnAwaited = false;
  #underway = 0;
  #ended = 0;

  constructor({ threads, program = THREAD_PROGRAM }: ThreadVerifierOptions) {
    this.#program = program;
    this.#threads = Array.from({ length: threads }, () => null);
  }

  /** Threads that run. */
  get running(): number {
    return this.#threads.filter((thread) => thread?.hasEnded === false).length;
  }

  /** Verifies one signature: key and signature of their right length. */
  readonly verify: SignatureVerifier = (publicKey, message, signature) => {
    if (message.length > MESSAGE_BYTES) return verifyOnPool(publicKey, message, signature);
    if (!this.#gathered.batch.hasRoom(message.length)) this.#send();
    const { batch, settles } = this.#gathered;
    batch.add({ publicKey, message, signature });
    this.#underway += 1;
    if (!this.#isTurnAwaited) {
      this.#isTurnAwaited = true;
      setImmediate(() => {
        this.#isTurnAwaited = false;
        this.#send();
      });
    }
    return new Promise<boolean>((resolve) => settles.push(resolve));
  };

  /** Ends all threads; what they have is verified by the asynchronous call. */
  async end(): Promise<void> {
    for (const thread of this.#threads) await thread?.end();
  }

  #send(): void {
    const { batch, settles } = this.#gathered;
    if (batch.size === 0) return;
    this.#gathered = { batch: this.#spare.pop() ?? new Batch(), settles: [] };
    const thread = batch.size < BATCH_AT ? null : this.#pick();
    if (thread === null) {
      this.#verifyEach(batch, settles);
      return;
    }
    thread.send(batch.pack(), (answer) => {
      if (answer === null) {
        this.#verifyEach(batch, settles);
        return;
      }
      this.#underway -= batch.size;
      this.#keep(batch);
      // Only a clear yes is one.
      for (const [at, settle] of settles.entries()) settle(answer[at] === 1);
    });
  }

  #verifyEach(batch: Batch, settles: readonly Settle[]): void {
    // The call copies what it is given before it returns.
    for (const [at, settle] of settles.entries()) {
      const { publicKey, message, signature } = batch.job(at);
      const answer = verifyOnPool(publicKey, message, signature).finally(() => {
        this.#underway -= 1;
      });
      settle(answer);
    }
    this.#keep(batch);
  }

  #keep(batch: Batch): void {
    if (this.#spare.length >= MOST_SPARE) return;
    batch.clear();
    this.#spare.push(batch);
  }

  /** The thread with the least to do; null where there is none, and none is worth starting. */
  #pick(): VerifyingThread | null {
    let best: VerifyingThread | null = null;
    for (const [at, found] of this.#threads.entries()) {
      const thread = found?.hasEnded === false ? found : this.#start(at);
      if (thread === null) continue;
      if (best === null || thread.waitingJobs < best.waitingJobs) best = thread;
    }
    return best;
  }

  #start(at: number): VerifyingThread | null {
    if (this.#threads[at]?.hasEnded === true) {
      this.#threads[at] = null;
      this.#ended += 1;
    }
    if (this.#underway < START_AT || this.#ended >= MOST_ENDED) return null;
    try {
      return (this.#threads[at] = new VerifyingThread(this.#program));
    } catch {
      // Where threads are not allowed, or there is no memory for one.
      this.#ended += 1;
      return null;
    }
  }
}
