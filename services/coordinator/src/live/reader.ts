import { Readable } from 'node:stream';
import { GREETING, HEARTBEAT, spellEvent } from './spelled-event.js';
import type { ToldEvent } from './state-events.js';

/** What waits for a reader that takes nothing, at most; whoever is further behind has to come anew. */
const MOST_WAITING_BYTES = 256 * 1024;

/** One open stream. */
export class Reader {
  readonly stream: Readable;
  private version: string | undefined;

  /** @param onEnd - called once, when it is over for whatever reason */
  constructor(version: string | undefined, onEnd: () => void) {
    this.version = version;
    this.stream = new Readable({ read: () => undefined });
    this.stream.once('close', onEnd);
    this.push(GREETING);
  }

  /** Tells an event, unless the reader has it already. */
  tell({ event, id }: ToldEvent): void {
    if (event.kind === 'changed') {
      if (this.version === event.version) return;
      this.version = event.version;
    }
    this.push(spellEvent(event, id));
    if (event.kind === 'final') this.end();
  }

  beat(): void {
    this.push(HEARTBEAT);
  }

  end(): void {
    if (!this.stream.readableEnded && !this.stream.destroyed) this.stream.push(null);
  }

  private push(text: string): void {
    if (this.stream.destroyed) return;
    // It comes back with the last id that it saw, and misses nothing.
    if (this.stream.readableLength > MOST_WAITING_BYTES) this.stream.destroy();
    else this.stream.push(text);
  }
}
