import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OutputTail } from './output-tail.js';

const tailOf = (maxBytes: number, ...chunks: string[]) => {
  const tail = new OutputTail(maxBytes);
  for (const chunk of chunks) tail.push(Buffer.from(chunk));
  return tail.text;
};

describe('the tail of an output', () => {
  test('is its last bytes, however it was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{0,30}$/)), fc.nat(50), (chunks, maxBytes) => {
        const all = chunks.join('');
        expect(tailOf(maxBytes + 1, ...chunks)).toBe(all.slice(-maxBytes - 1));
      }),
    );
  });

  test('has no terminal controls', () => {
    const hostile = '\u001b[31mred\u001b[0m\u0007 \u009b2Jx\rnext\tcell\n\u001b]0;title\u0007';
    expect(tailOf(100, hostile)).toBe('red x\nnext\tcell\n');
  });
});
