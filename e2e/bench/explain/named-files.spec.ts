import { expect, test } from 'vitest';
import { checkNamed } from './named-files.js';

const path = 'usr/lib/package-4/file-17.so';
const other = 'usr/lib/package-4/file-1.so';
const said = (...paths: readonly string[]): string =>
  paths.map((each) => `│   --- /tmp/tree/${each}\n├── +++ /tmp/other-tree/${each}\n`).join('');

test('a comparison with another tool ends where that names another file, more files, or none', () => {
  expect(() => {
    checkNamed(said(path), path);
  }).not.toThrow();
  for (const text of [said(other), said(path, other), '']) {
    expect(() => {
      checkNamed(text, path);
    }).toThrow(`expected ${path} alone to differ`);
  }
});
