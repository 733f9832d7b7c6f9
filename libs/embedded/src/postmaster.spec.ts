import { expect, test } from 'vitest';
import { parsePostmasterFile } from './postmaster.js';

const lines = ['7142', '/data', '1795231792', '54999', '', '127.0.0.1', '  2147773         4'];

test('a server is ready when its file says so', () => {
  expect(parsePostmasterFile([...lines, 'ready   ', ''].join('\n'))).toEqual({
    pid: 7142,
    isReady: true,
  });
});

test.each([
  ['it starts', [...lines, 'starting', '']],
  ['its file is half written', lines.slice(0, 3)],
])('a server is not ready while %s', (_, text) => {
  expect(parsePostmasterFile(text.join('\n'))).toEqual({ pid: 7142, isReady: false });
});

test.each(['', '\n', 'x', '-1', '0', '1.5'])('%j tells no process', (text) => {
  expect(parsePostmasterFile(text)).toBeUndefined();
});
