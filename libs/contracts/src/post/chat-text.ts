import { plain } from '../report/plain.js';

/** What chats read as marks, and the letter that looks most like it and is none. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  '`': "'",
  '*': '∗',
  '~': '∼',
  '|': '∣',
  '<': '‹',
  '>': '›',
  '[': '(',
  ']': ')',
  '\\': '∖',
};

/**
 * Makes a hostile text safe in a chat that may read it as Markdown or not: marks become letters that
 * look like them, since a backslash before them would be seen where they are none, and what is turned
 * into links and mentions is parted with a zero-width space.
 */
export function chatText(text: string, limit = 200): string {
  return plain(text, limit)
    .replace(/[`*~|<>[\]\\]/g, (mark) => LOOKALIKES[mark] ?? ' ')
    .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, (marks) => 'ˍ'.repeat(marks.length))
    .replaceAll('@', '@\u200b')
    .replaceAll('://', ':\u200b//')
    .replace(/www\./gi, '$&\u200b');
}
