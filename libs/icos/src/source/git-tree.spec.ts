import { describe, expect, test } from 'vitest';
import { findEntry } from './git-tree.js';

const id = (byte: number) => Buffer.alloc(20, byte);
const tree = Buffer.concat([
  ...[Buffer.from('100755 build\0'), id(1), Buffer.from('40000 ci\0'), id(2)],
  ...[Buffer.from('120000 link\0'), id(3), Buffer.from('160000 module\0'), id(4)],
  // The bytes of an id may look like an entry.
  ...[Buffer.from('100644 odd\0'), Buffer.from('0 100644 hidden\0xxxx'), Buffer.from('100644 z\0')],
  id(5),
]);

describe('a tree', () => {
  test.each([
    ['build', 'file', 1],
    ['ci', 'folder', 2],
    ['link', 'other', 3],
    ['module', 'other', 4],
    ['z', 'file', 5],
  ])('knows %s as a %s', (name, kind, byte) => {
    expect(findEntry(tree, name)).toEqual({ kind, id: id(byte).toString('hex') });
  });

  test.each(['hidden', 'buil', 'builds', '', 'build\0'])('does not know %j', (name) => {
    expect(findEntry(tree, name)).toBeNull();
  });

  test('that is cut off knows what is left of it', () => {
    expect(findEntry(tree.subarray(0, 30), 'ci')).toBeNull();
    expect(findEntry(Buffer.from('nonsense'), 'nonsense')).toBeNull();
  });
});
