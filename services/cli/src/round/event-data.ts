/** Longest event that is taken: one piece of a build log, as JSON. */
const MOST_CHARACTERS = 1 << 20;

/**
 * Reads server-sent events from bytes as they come, and gives the data of each; what has none, such as
 * a comment that keeps the line open, gives nothing. Ends where an event is longer than a mebibyte.
 *
 * Source: HTML Living Standard, section 9.2.6
 */
export async function* eventData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > MOST_CHARACTERS) return;
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield data.join('\n');
        data = [];
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
      }
    }
  }
}
