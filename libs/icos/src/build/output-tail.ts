import { stripVTControlCharacters } from 'node:util';

/** The last bytes of an output, for messages and for classifying a failure. */
export class OutputTail {
  private chunks: Buffer[] = [];
  private heldBytes = 0;

  constructor(private readonly maxBytes: number) {}

  push(chunk: Buffer): void {
    this.chunks.push(Buffer.from(chunk.subarray(-this.maxBytes)));
    this.heldBytes += Math.min(chunk.length, this.maxBytes);
    // Joined only now and then: a compiler writes many small chunks.
    if (this.heldBytes > 2 * this.maxBytes || this.chunks.length > 4096) this.join();
  }

  /** As text without terminal controls: whoever prints it must not be steered by it. */
  get text(): string {
    const plain = stripVTControlCharacters(this.join().toString('utf8')).replaceAll('\r', '\n');
    return plain.replaceAll(/[^\P{Cc}\n\t]/gu, '');
  }

  private join(): Buffer {
    const joined = Buffer.concat(this.chunks).subarray(-this.maxBytes);
    this.chunks = [joined];
    this.heldBytes = joined.length;
    return joined;
  }
}
