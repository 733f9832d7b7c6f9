import { expect, test } from 'vitest';
import { Slots } from './slots.js';

/** Tells whether something has come to pass once everything that is ready has been done. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

function taken(slots: Slots, count: number): Slots {
  for (let at = 0; at < count; at += 1) slots.take();
  return slots;
}

test('whoever waits for a free one goes on at the first that is given back', async () => {
  const slots = taken(new Slots(2), 2);
  const free = slots.anyFree();
  expect(await isDone(free)).toBe(false);
  slots.give();
  expect(await isDone(free)).toBe(true);
  expect(slots.free).toBe(1);
});

test('whoever waits for all goes on at the last', async () => {
  const slots = taken(new Slots(2), 2);
  const all = slots.allFree();
  slots.give();
  expect(await isDone(all)).toBe(false);
  slots.give();
  expect(await isDone(all)).toBe(true);
});

test('nobody waits for what is free already', async () => {
  expect(await isDone(new Slots(2).allFree())).toBe(true);
  expect(await isDone(taken(new Slots(2), 1).anyFree())).toBe(true);
});
