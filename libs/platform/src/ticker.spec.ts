import { expect, test, vi } from 'vitest';
import { Ticker } from './ticker.js';

/** A task whose runs end when they are let go, one by one. */
function heldTask() {
  const waiting: (() => void)[] = [];
  let begun = 0;
  return {
    begun: () => begun,
    letGo: () => waiting.shift()?.(),
    task: () => {
      begun += 1;
      return new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

const QUIET = { everyMs: null, onError: () => undefined };

test('a task that is asked for during its run runs once more, however often it was asked', async () => {
  const held = heldTask();
  const ticker = new Ticker(held.task, QUIET);
  const ended = ticker.wake();
  void ticker.wake();
  void ticker.wake();
  expect(held.begun()).toBe(1);
  held.letGo();
  await Promise.resolve();
  await Promise.resolve();
  expect(held.begun()).toBe(2);
  held.letGo();
  await ended;
  expect(held.begun()).toBe(2);
});

test('who asked waits for the run that began after it, and for none that others ask for later', async () => {
  const held = heldTask();
  const ticker = new Ticker(held.task, QUIET);
  const first = ticker.wake();
  const second = ticker.wake();
  held.letGo();
  await first;
  expect(held.begun()).toBe(2);
  const third = ticker.wake();
  held.letGo();
  await second;
  expect(held.begun()).toBe(3);
  held.letGo();
  await third;
  expect(held.begun()).toBe(3);
});

test('a run that takes longer than the interval ends for who asked for it', async () => {
  vi.useFakeTimers();
  try {
    const held = heldTask();
    const ticker = new Ticker(held.task, { ...QUIET, everyMs: 1_000 });
    ticker.start();
    const asked = ticker.wake();
    vi.advanceTimersByTime(5_000);
    held.letGo();
    await Promise.resolve();
    await Promise.resolve();
    vi.advanceTimersByTime(5_000);
    held.letGo();
    await asked;
    expect(held.begun()).toBe(2);
    await ticker.stop();
  } finally {
    vi.useRealTimers();
  }
});

test('a run that fails is told, and the next one comes', async () => {
  const errors: unknown[] = [];
  let runs = 0;
  const ticker = new Ticker(
    () => {
      runs += 1;
      return Promise.reject(new Error(`run ${runs}`));
    },
    { everyMs: null, onError: (error) => errors.push(error) },
  );
  await ticker.wake();
  await ticker.wake();
  expect(errors).toEqual([new Error('run 1'), new Error('run 2')]);
});

test('stopping waits for the run under way and begins no other', async () => {
  const held = heldTask();
  const ticker = new Ticker(held.task, { ...QUIET, everyMs: 1 });
  ticker.start();
  let isStopped = false;
  const stopped = ticker.stop().then(() => {
    isStopped = true;
  });
  await Promise.resolve();
  expect(isStopped).toBe(false);
  held.letGo();
  await stopped;
  await ticker.wake();
  await ticker.wake();
  expect(held.begun()).toBe(1);
});

test.each([0, 1, 2, 3, 4, 5, 6, 7])(
  'a task that is asked for just as its run ends, %i steps on, runs once more',
  async (steps) => {
    let begun = 0;
    const ticker = new Ticker(() => {
      begun += 1;
      return Promise.resolve();
    }, QUIET);
    void ticker.wake();
    for (let step = 0; step < steps; step += 1) await Promise.resolve();
    const before = begun;
    await ticker.wake();
    expect(begun).toBe(before + 1);
  },
);
