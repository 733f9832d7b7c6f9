import { createHash } from 'node:crypto';
import type { HashThread } from './hash-thread.js';
import { SLOT_BYTES } from './thread-program.js';

/** A running digest of bytes that come one after the other. */
export interface StreamHash {
  /** Takes the next bytes; they are the giver's again when this resolves. One call at a time. */
  update(bytes: Buffer): Promise<void>;
  end(): Promise<string>;
}

const PIECES = 2;
let streams = 0;

/** Makes one that is computed where the bytes are, or beside in a thread. */
export function streamHash(thread: HashThread | null): StreamHash {
  if (thread !== null) return new StreamBeside(thread);
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
      return Promise.resolve();
    },
    end: () => Promise.resolve(hash.digest('hex')),
  };
}

class StreamBeside implements StreamHash {
  readonly #stream = (streams += 1);
  readonly #pieces = Array.from({ length: PIECES }, () => new SharedArrayBuffer(SLOT_BYTES));
  readonly #underway: Promise<unknown>[] = [];
  #next = 0;

  constructor(private readonly thread: HashThread) {}

  async update(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; at += SLOT_BYTES) {
      // So many are under way that the next place was the first of them.
      if (this.#underway.length === PIECES) await this.#underway.shift();
      const shared = this.#pieces[this.#next % PIECES];
      if (shared === undefined) return;
      this.#next += 1;
      const length = bytes.copy(Buffer.from(shared), 0, at);
      const asked = this.thread.ask('update', { stream: this.#stream, shared, length });
      // Told to whoever waits for it; until then it is nobody's.
      asked.catch(() => undefined);
      this.#underway.push(asked);
    }
  }

  async end(): Promise<string> {
    await Promise.all(this.#underway);
    return (await this.thread.ask('end', { stream: this.#stream })) ?? '';
  }
}
