import { sha256 } from '#libs/encoding';
import type { Location } from '#libs/manifest';
import type { ByteAsker } from './byte-asker.js';

/** Answers from memory, by paths, and counts what it was asked and sent. */
export class MemoryAsker implements ByteAsker {
  questions = 0;
  sentBytes = 0;

  constructor(private readonly files: Readonly<Record<string, Uint8Array>>) {}

  async chunks(
    location: Location,
    chunkBytes: number,
    first: number,
    count: number,
  ): ReturnType<ByteAsker['chunks']> {
    if (count > 1024 || chunkBytes < 512 || chunkBytes > 64 * 1024 ** 2) throw new Error('refused');
    const bytes = await this.file(location);
    const digests: string[] = [];
    for (
      let at = first * chunkBytes;
      at < bytes.length && digests.length < count;
      at += chunkBytes
    ) {
      digests.push(sha256(bytes.subarray(at, at + chunkBytes)));
    }
    this.sentBytes += digests.length * 64;
    return { sizeBytes: bytes.length, digests };
  }

  async bytes(location: Location, offset: number, length: number): ReturnType<ByteAsker['bytes']> {
    if (length > 16_384) throw new Error('refused');
    const bytes = (await this.file(location)).subarray(offset, offset + length);
    this.sentBytes += bytes.length;
    return { bytes, masks: [] };
  }

  private file(location: Location): Promise<Uint8Array> {
    this.questions += 1;
    const bytes = this.files[location.at(-1) ?? ''];
    return bytes === undefined ? Promise.reject(new Error('no such file')) : Promise.resolve(bytes);
  }
}
