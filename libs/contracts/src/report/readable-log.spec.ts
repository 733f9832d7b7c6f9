import { expect, test } from 'vitest';
import { isReadableLog, readableLog } from './readable-log.js';

test('colours, titles and moves of a terminal are left out of a log, and so is what is left of them', () => {
  const hostile =
    '\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b]8;;http://x\u001b\\link\u001bc\u009b2J\u001b[';
  expect(readableLog(hostile)).toBe('red link2J');
});

test('each kind of line end becomes a line feed', () => {
  expect(readableLog('a\r\nb\rc\u2028d\u0085e\tf')).toBe('a\nb\nc\nd\ne\tf');
});

test('bidirectional controls, zero bytes and halves of characters are left out', () => {
  expect(readableLog('a\u202eb\u0000c\ud800d\u200fe')).toBe('abcde');
});

test.each([
  '',
  'plain\n\ttext ü 🙂\n',
  '\u001b\u001b[[31mm',
  '\u001b]\u001b[1mx\u001b\u001b[0m[31m\r\r\n',
])('what was made readable is, and stays as it is: %j', (text) => {
  const once = readableLog(text);
  expect(isReadableLog(once)).toBe(true);
  expect(readableLog(once)).toBe(once);
});

test('a text with anything that a terminal obeys is not readable', () => {
  for (const text of ['\u001b[31m', 'a\rb', '\u202e', '\u009b', '\u0000']) {
    expect(isReadableLog(text)).toBe(false);
  }
});
