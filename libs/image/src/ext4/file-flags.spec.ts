import { expect, test } from 'vitest';
import { flagsText } from './file-flags.js';

test('flags have the letters of lsattr', () => {
  expect(flagsText(0x10 | 0x20 | 0x80)).toBe('iaA');
  expect(flagsText(0x40000000)).toBe('F');
});

test('flags of how a file is stored are not told', () => {
  expect(flagsText(0x80000 | 0x1000 | 0x10000000 | 0x40000)).toBe('');
});

test('flags without a letter are told as what they are', () => {
  expect(flagsText(0x80000000 | 0x100)).toBe('+80000100');
  expect(flagsText(0x10 | 0x200)).toBe('i+00000200');
});
