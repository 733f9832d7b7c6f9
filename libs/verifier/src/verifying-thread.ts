import { Worker } from 'node:worker_threads';
import type { PackedBatch } from './batch.js';

/** Takes a thread's answer: a byte for each job, or null where the thread ended without one. */
export type TakeAnswer = (answer: Uint8Array | null) => void;

/**
 * A thread that verifies batches, one after the other. It keeps the process alive while it has some,
 * and no longer. Once it has ended it takes none; whatever it had is answered with null.
 */
export class VerifyingThread {
  readonly #worker: Worker;
  readonly #waiting: { readonly size: number; readonly take: TakeAnswer }[] = [];
  #hasEnded = false;

  /** @param program what the thread runs: JavaScript, as text */
  constructor(program: string) {
    // Options of this process are for its own program: a loader or an inspector has no business there.
    this.#worker = new Worker(program, { eval: true, execArgv: [] });
    this.#worker.on('message', (answer: unknown) => {
      this.#take(answer);
    });
    // Only now: to listen to a thread is to wait for it.
    this.#worker.unref();
    for (const event of ['error', 'messageerror', 'exit'] as const) {
      this.#worker.on(event, () => {
        this.#end();
      });
    }
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Jobs that are not answered yet. */
  get waitingJobs(): number {
    return this.#waiting.reduce((sum, { size }) => sum + size, 0);
  }

  /** Sends a batch; `take` is called once, whatever becomes of the thread. */
  send({ bytes, lengths }: PackedBatch, take: TakeAnswer): void {
    if (this.#hasEnded) {
      take(null);
      return;
    }
    const size = lengths.length;
    this.#waiting.push({ size, take });
    if (this.#waiting.length === 1) this.#worker.ref();
    this.#worker.postMessage({ bytes, lengths }, [lengths.buffer]);
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(answer: unknown): void {
    const [first] = this.#waiting;
    // One answer that is not to its question, and no other can be told from it.
    if (first === undefined || !(answer instanceof Uint8Array) || answer.length !== first.size) {
      this.#end();
      return;
    }
    this.#waiting.shift();
    if (this.#waiting.length === 0) this.#worker.unref();
    first.take(answer);
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#worker.unref();
    void this.#worker.terminate();
    for (const { take } of this.#waiting.splice(0)) take(null);
  }
}
