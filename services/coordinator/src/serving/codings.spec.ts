import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { chooseCoding, compress, isCompressible } from './codings.js';

test.each([
  ['gzip, deflate, br, zstd', 'zstd'],
  ['gzip, br', 'br'],
  ['gzip;q=1.0, br;q=0.5', 'gzip'],
  ['*', 'zstd'],
  ['*;q=0.1, gzip', 'gzip'],
  ['br;q=0, *;q=0', null],
  ['identity', null],
  ['gzip;q=x', null],
  ['', null],
  [undefined, null],
])('who accepts %j gets %j', (accepted, coding) => {
  expect(chooseCoding(accepted)).toBe(coding);
});

test.each([
  ['application/json; charset=utf-8', true],
  ['application/problem+json', true],
  ['application/jsonl', true],
  ['text/plain; charset=utf-8', true],
  ['image/svg+xml', true],
  ['application/octet-stream', false],
  ['image/png', false],
  ['', false],
])('%j shrinks: %j', (type, isText) => {
  expect(isCompressible(type)).toBe(isText);
});

test('what is compressed comes back the same', async () => {
  const bytes = Buffer.from('the same again '.repeat(200));
  expect(zstdDecompressSync(await compress(bytes, 'zstd', 'kept'))).toEqual(bytes);
  expect(brotliDecompressSync(await compress(bytes, 'br', 'once'))).toEqual(bytes);
  expect(gunzipSync(await compress(bytes, 'gzip', 'kept'))).toEqual(bytes);
});
