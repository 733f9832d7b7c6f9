import { expect, test } from 'vitest';
import { Inode } from './inode.js';
import { TIME_FIELDS, timeValue } from './inode-times.js';

const [ATIME, , , CRTIME] = TIME_FIELDS;

function inodeWith(seconds: number, extra: number, extraBytes = 32): Inode {
  const bytes = Buffer.alloc(256);
  bytes.writeInt32LE(seconds, ATIME.at);
  bytes.writeUInt32LE(extra, ATIME.extraAt);
  bytes.writeUInt16LE(extraBytes, 0x80);
  return new Inode(12, bytes);
}

test('whole seconds are a number, others text with nine digits', () => {
  expect(timeValue(inodeWith(1_700_000_000, 0), ATIME)).toBe(1_700_000_000);
  expect(timeValue(inodeWith(1_700_000_000, 5 << 2), ATIME)).toBe('1700000000.000000005');
});

test('two more bits lead past 2038, and back before 1970', () => {
  expect(timeValue(inodeWith(-1, 0), ATIME)).toBe(-1);
  expect(timeValue(inodeWith(-1, 1), ATIME)).toBe(2 ** 32 - 1);
  expect(timeValue(inodeWith(0, 3), ATIME)).toBe(3 * 2 ** 32);
});

test('a time for which the inode has no room is none', () => {
  expect(timeValue(inodeWith(5, 7 << 2, 4), ATIME)).toBe(5);
  expect(timeValue(inodeWith(5, 0, 4), CRTIME)).toBeUndefined();
  expect(timeValue(new Inode(12, Buffer.alloc(128)), CRTIME)).toBeUndefined();
});
