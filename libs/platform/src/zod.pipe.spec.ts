import { expect, test } from 'vitest';
import { z } from 'zod';
import { ProblemError } from './problem.js';
import { ZodPipe } from './zod.pipe.js';

const pipe = new ZodPipe(
  z.strictObject({
    commit: z.string().regex(/^[0-9a-f]{40}$/, 'expected 40 hexadecimal characters'),
    limit: z.coerce.number().int().max(100).default(20),
  }),
);

test('what fits is passed on as the schema reads it', () => {
  const commit = 'ab'.repeat(20);
  expect(pipe.transform({ commit, limit: '5' })).toEqual({ commit, limit: 5 });
  expect(pipe.transform({ commit })).toEqual({ commit, limit: 20 });
});

test('what does not fit is a 400 that says which field, and what was expected of it', () => {
  const value = { commit: '--upload-pack=x', limit: 1_000 };
  expect(() => pipe.transform(value)).toThrow(ProblemError);
  expect(() => pipe.transform(value)).toThrow(
    expect.objectContaining({ status: 400, code: 'malformed-request' }) as Error,
  );
  expect(() => pipe.transform(value)).toThrow(
    /expected 40 hexadecimal characters\n.*at commit[^]*at limit/,
  );
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a list', []],
  ['text', 'commit'],
])('%s instead of an object is a 400 too', (_, value) => {
  expect(() => pipe.transform(value)).toThrow(ProblemError);
});
