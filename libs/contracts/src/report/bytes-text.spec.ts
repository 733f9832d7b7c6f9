import { describe, expect, test } from 'vitest';
import { bytesText, contentsText } from './bytes-text.js';

const hex = (text: string): string => Buffer.from(text).toString('hex');

describe('bytes of both sides', () => {
  test('stand row by row with their offset, and what of them can be printed', () => {
    const same = 'sixteen bytes ok';
    const bytes = { offset: 4096, left: hex(`${same}a\u0001<b>`), right: hex(`${same}b\u0001<b>`) };
    expect(bytesText(bytes)).toBe(
      [
        '--- left',
        '+++ right',
        ' 00001000  73 69 78 74 65 65 6e 20 62 79 74 65 73 20 6f 6b  |sixteen bytes ok|',
        `-00001010  61 01 3c 62 3e${' '.repeat(33)}  |a.<b>|`,
        `+00001010  62 01 3c 62 3e${' '.repeat(33)}  |b.<b>|`,
        '',
      ].join('\n'),
    );
  });

  test('may end earlier on one side, and begin beyond four gigabytes', () => {
    const bytes = { offset: 5 * 1024 ** 3, left: hex('x'.repeat(20)), right: '' };
    const lines = bytesText(bytes).trimEnd().split('\n').slice(2);
    expect(lines.map((line) => line.slice(0, 12))).toEqual(['-140000000  ', '-140000010  ']);
  });

  test('are shown where there is no text to be shown', () => {
    const bytes = { offset: 0, left: '00', right: '01' };
    expect(contentsText({ bytes })).toBe(bytesText(bytes));
    expect(contentsText({ bytes, diff: 'a text' })).toBe('a text');
    expect(contentsText({})).toBeUndefined();
  });
});
