import { expect, test } from 'vitest';
import { Api } from './api.js';
import { roundOf } from './subject.js';

const nobody = new Api('http://127.0.0.1:1');

test('a proposal number names no round, and its report is pointed to', async () => {
  await expect(roundOf(nobody, '42')).rejects.toMatchObject({
    message: '"42" names no round',
    hint: expect.stringMatching(/`report 42`.*`round list`/) as unknown,
  });
});

test('a word names no round, and what does is told', async () => {
  await expect(roundOf(nobody, 'newest')).rejects.toMatchObject({
    hint: expect.stringContaining('a commit of 40 hex characters') as unknown,
  });
});
