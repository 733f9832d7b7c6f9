import { describe, expect, test } from 'vitest';
import { eventData } from './event-data.js';

async function read(...texts: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  const chunks = texts.map((text) =>
    typeof text === 'string' ? new TextEncoder().encode(text) : text,
  );
  const found: string[] = [];
  for await (const data of eventData(ReadableStream.from(chunks))) found.push(data);
  return found;
}

describe('server-sent events', () => {
  test('come whole, however they were cut on the way', async () => {
    const stream =
      'event: changed\nid: 7\ndata: {"a":1}\n\n:\n\nevent: x\r\ndata: ü\r\ndata:b\r\n\r\n';
    const bytes = new TextEncoder().encode(stream);
    const whole = ['{"a":1}', 'ü\nb'];
    expect(await read(stream)).toEqual(whole);
    for (let at = 1; at < bytes.length; at += 1) {
      expect(await read(bytes.slice(0, at), bytes.slice(at))).toEqual(whole);
    }
    expect(await read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  test('that are not ended say nothing', async () => {
    expect(await read('data: 1\n\ndata: 2\n')).toEqual(['1']);
  });

  test('that never end are not gathered', async () => {
    expect(await read(...Array.from({ length: 3 }, () => 'x'.repeat(1 << 19)), '\n\n')).toEqual([]);
  });
});
