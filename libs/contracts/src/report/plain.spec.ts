import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markdownCode, markdownText, plain } from './plain.js';

const textArb = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

describe('plain text', () => {
  test.each([
    ['Elect new revision', 'Elect new revision'],
    ['grüße 漢字 💥 👩‍💻', 'grüße 漢字 💥 👩 💻'],
    ['\u001b[31mred', ' [31mred'],
    ['a\r\nb', 'a  b'],
    ['\u202eabc', ' abc'],
    ['\ud800', ' '],
  ])('of %j is %j', (text, safe) => {
    expect(plain(text)).toBe(safe);
  });

  test('is cut between characters, with an ellipsis', () => {
    expect(plain('abcdef', 6)).toBe('abcdef');
    expect(plain('abcdefg', 6)).toBe('abcde…');
    expect(plain('💥💥💥', 3)).toBe('💥💥💥');
    expect(plain('💥💥💥💥', 3)).toBe('💥💥…');
    expect(plain('a💥'.repeat(1000), 5)).toBe('a💥a💥…');
  });

  test('holds nothing that a terminal obeys, and is made once for all', () => {
    fc.assert(
      fc.property(textArb, fc.integer({ min: 1, max: 30 }), (text, limit) => {
        const safe = plain(text, limit);
        expect(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(safe)).toBe(false);
        expect(Array.from(safe).length).toBeLessThanOrEqual(limit);
        expect(plain(safe, limit)).toBe(safe);
      }),
    );
  });
});

describe('Markdown text', () => {
  test.each([
    ['<b>&amp;', '&lt;b&gt;&amp;amp;'],
    ['a_b*c', 'a\\_b\\*c'],
    ['[x](y)', '\\[x\\]\\(y\\)'],
    ['a|b', 'a\\|b'],
    ['\\`', '\\\\\\`'],
    ['@alice', '@\u200balice'],
    ['https://x', 'https:\u200b//x'],
    ['www.x', 'www.\u200bx'],
    ['plain words, 1.5 %', 'plain words, 1.5 %'],
  ])('of %j is %j', (text, safe) => {
    expect(markdownText(text)).toBe(safe);
  });

  test('is what it was once a renderer has taken the escapes out', () => {
    fc.assert(
      fc.property(textArb, (text) => {
        const rendered = markdownText(text)
          .replaceAll('\u200b', '')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&')
          .replace(/\\([!-/:-@[-`{-~])/g, '$1');
        expect(rendered).toBe(plain(text));
      }),
    );
  });
});

describe('a code span', () => {
  test.each([
    ['abc', '`abc`'],
    ['', '`-`'],
    [' ', '`-`'],
    ['`', '`%60`'],
    ['a|b', '`a%7Cb`'],
    ['a\nb', '`a b`'],
  ])('of %j is %s', (text, span) => {
    expect(markdownCode(text)).toBe(span);
  });
});
