import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createSourceText } from './source-text.js';

test('one seed gives the same text, of the size asked for', () => {
  const [one, same] = [createSourceText('a'), createSourceText('a')];
  expect(one(3000)).toEqual(same(3000));
  expect(one(1).byteLength).toBe(1);
  expect(one(3000).toString('latin1')).toMatch(/^[a-z_ ;\n]+$/);
});

test('a file of it compresses as source code does', () => {
  const file = createSourceText('a')(12_000);
  const ratio = file.byteLength / deflateSync(file).byteLength;
  expect(ratio).toBeGreaterThan(3);
  expect(ratio).toBeLessThan(5);
});
