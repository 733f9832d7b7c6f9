import { expect, test } from 'vitest';
import { z } from 'zod';
import { DONE, receive } from './delivery.js';

const Greeting = z.strictObject({ hello: z.string() });

test('a message that fits is handed on, and its handler has the last word', async () => {
  const later = { kind: 'retry', afterMs: 5, reason: 'busy' } as const;
  const heard: unknown[] = [];
  const delivery = await receive(Greeting, { hello: 'world' }, (message) => {
    heard.push(message);
    return Promise.resolve(later);
  });
  expect(delivery).toBe(later);
  expect(heard).toEqual([{ hello: 'world' }]);
});

test.each([
  ['nothing', undefined],
  ['another type', 'hello'],
  ['a field too many', { hello: 'world', more: 1 }],
  ['a field too few', {}],
])('a message that is %s is dropped unheard', async (_, data) => {
  const delivery = await receive(Greeting, data, () => Promise.reject(new Error('heard')));
  expect(delivery.kind === 'drop' && delivery.reason).toMatch(/^malformed: /);
});

test('what is wrong with a message is told in a few words, however much is wrong', async () => {
  const wrong = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`key${at}`, at]));
  const delivery = await receive(Greeting, wrong, () => Promise.resolve(DONE));
  expect(delivery.kind === 'drop' && delivery.reason.length).toBeLessThanOrEqual(400);
});

test('a handler that fails is asked again', async () => {
  const delivery = await receive(Greeting, { hello: 'world' }, () => {
    throw new Error('database away');
  });
  expect(delivery).toEqual({ kind: 'retry', afterMs: 2_000, reason: 'database away' });
});
