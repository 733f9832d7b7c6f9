import { Readable } from 'node:stream';

/**
 * Reads a text until its end, or until it is longer than `mostBytes`. A short one comes as its bytes; a
 * long one as a stream that begins at its beginning, and reads on only as fast as it is read.
 */
export async function gather(
  lines: AsyncGenerator<string, void>,
  mostBytes: number,
): Promise<Buffer | Readable> {
  const begun: string[] = [];
  let sizeBytes = 0;
  for (;;) {
    const next = await lines.next();
    if (next.done === true) return Buffer.from(begun.join(''));
    begun.push(next.value);
    sizeBytes += Buffer.byteLength(next.value);
    // As bytes: in object mode it would read ahead by lines, and a line may be long.
    if (sizeBytes > mostBytes) return Readable.from(resumed(begun, lines), { objectMode: false });
  }
}

async function* resumed(
  begun: readonly string[],
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  yield* begun;
  yield* rest;
}
