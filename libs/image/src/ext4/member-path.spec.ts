import { expect, test } from 'vitest';
import { ImageError } from '../error.js';
import { memberPath, ROOT_PATH } from './member-path.js';

test('a path is the names on the way, without the root', () => {
  expect(memberPath(ROOT_PATH, Buffer.from('etc'))).toBe('etc');
  expect(memberPath('etc', Buffer.from('host name'))).toBe('etc/host name');
});

test('bytes that are no text have each their own path', () => {
  expect(memberPath('etc', Buffer.from([0x61, 0xff]))).toBe('etc/a\\xff');
  expect(memberPath('etc', Buffer.from('a\\xff'))).toBe('etc/a\\x5cxff');
  expect(memberPath('etc', Buffer.from('ü'))).toBe('etc/ü');
});

test.each([
  ['nothing', ''],
  ['a slash', 'a/b'],
  ['a NUL', 'a\0b'],
])('%s is no name', (_what, name) => {
  expect(() => memberPath('etc', Buffer.from(name))).toThrow(ImageError);
});

test('a path has at most 4096 bytes', () => {
  const directory = 'd'.repeat(4000);
  expect(memberPath(directory, Buffer.from('n'.repeat(95)))).toHaveLength(4096);
  expect(() => memberPath(directory, Buffer.from('n'.repeat(96)))).toThrow('longer than 4096');
  expect(() => memberPath(directory, Buffer.from('ü'.repeat(50)))).toThrow('longer than 4096');
});
