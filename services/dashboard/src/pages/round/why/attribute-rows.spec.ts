import { expect, test } from 'vitest';
import { attributeRows } from './attribute-rows.js';

const of = (
  left: Record<string, string | number> | null,
  right: Record<string, string | number> | null,
) => attributeRows({ location: [''], kind: 'file', aspects: ['time'], left, right });

test('times are told as numbers and as people read them, sizes with their unit', () => {
  expect(of({ mtime: '1700000001.5', size: 3 }, { mtime: 1700000099, size: 4 })).toEqual([
    {
      name: 'mtime',
      left: '1700000001.5 (2023-11-14T22:13:21Z)',
      right: '1700000099 (2023-11-14T22:14:59Z)',
    },
    { name: 'size', left: '3 bytes', right: '4 bytes' },
  ]);
});

test('a time that is none stays as it is told', () => {
  expect(of({ mtime: 'soon' }, { mtime: 1e300 })).toEqual([
    { name: 'mtime', left: 'soon', right: '1e+300' },
  ]);
});

test('what one side does not have is null, whatever it is called', () => {
  expect(of({ mode: '0644' }, null)).toEqual([{ name: 'mode', left: '0644', right: null }]);
  expect(of({ constructor: 'x' }, {})).toEqual([{ name: 'constructor', left: 'x', right: null }]);
});
