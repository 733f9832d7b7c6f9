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
  for (let at = 0; at < count; at += 1) slots.take(10);
  return slots;
}

test('whoever waits for a free one goes on at the first that is given back', async () => {
  const slots = taken(new Slots(2, 100), 2);
  const free = slots.anyFree();
  expect(await isDone(free)).toBe(false);
  slots.give(10);
  expect(await isDone(free)).toBe(true);
  expect(slots.areFull).toBe(false);
});

test('a few large ones fill them as many small ones do', async () => {
  const slots = taken(new Slots(100, 25), 2);
  expect(slots.areFull).toBe(false);
  slots.take(10);
  const free = slots.anyFree();
  expect(await isDone(free)).toBe(false);
  slots.give(10);
  expect(await isDone(free)).toBe(true);
});

test('whoever waits for all goes on at the last', async () => {
  const slots = taken(new Slots(2, 100), 2);
  const all = slots.allFree();
  slots.give(10);
  expect(await isDone(all)).toBe(false);
  slots.give(10);
  expect(await isDone(all)).toBe(true);
});

test('nobody waits for what is free already', async () => {
  expect(await isDone(new Slots(2, 100).allFree())).toBe(true);
  expect(await isDone(taken(new Slots(2, 100), 1).anyFree())).toBe(true);
});
