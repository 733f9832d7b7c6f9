import { expect, test } from 'vitest';
import { jsonOf } from './json-of.js';

const messageOf = (text: string) => ({ json: (): unknown => JSON.parse(text) });

test.each([
  ['{"a":1}', { a: 1 }],
  ['null', null],
  ['', undefined],
  ['{"a":', undefined],
])('a message of %j is read as %j', (text, value) => {
  expect(jsonOf(messageOf(text))).toEqual(value);
});
