/**
 * Reads an answer's body, and gives it up as soon as it is larger than `limitBytes`: what a server
 * says of its length is not asked.
 *
 * @throws RangeError when it is larger
 */
export async function readBody(response: Response, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  if (response.body === null) return new Uint8Array();
  const body: AsyncIterable<Uint8Array> = response.body;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    // Leaving the loop cancels the body, and with it the download.
    if (sizeBytes > limitBytes)
      throw new RangeError(`the answer has more than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
