import { describe, expect, test } from 'vitest';
import { separators, separatorsInSteps, type Steps } from '#libs/divergence';
import { inTurns } from './in-turns.js';

const NEVER = new AbortController().signal;

/** Steps of ten milliseconds each, by a clock of their own. */
function played(steps: number): { readonly work: Steps<number>; readonly now: () => number } {
  let clock = 0;
  const work = (function* (): Steps<number> {
    for (let step = 0; step < steps; step += 1) {
      clock += 10;
      yield;
    }
    return steps;
  })();
  return { work, now: () => clock };
}

/** Counts the turns that others have until something is done. */
async function turnsWhile(work: Promise<unknown>): Promise<number> {
  let [turns, isDone] = [0, false];
  const count = (): void => {
    if (isDone) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  await work;
  isDone = true;
  return turns;
}

describe('work in turns', () => {
  test('lets others have theirs, however long it takes', async () => {
    const { work, now } = played(300);
    expect(await turnsWhile(inTurns(work, NEVER, now))).toBeGreaterThan(50);
  });

  test('that is short is done in one', async () => {
    const { work, now } = played(2);
    expect(await turnsWhile(inTurns(work, NEVER, now))).toBe(0);
  });

  test('ends with whoever wanted it', async () => {
    const { work, now } = played(1e9);
    const stopping = new AbortController();
    const done = inTurns(work, stopping.signal, now);
    setImmediate(() => {
      stopping.abort(new Error('stopped'));
    });
    await expect(done).rejects.toThrow('stopped');
  });

  test('comes to what it comes to in one go', async () => {
    const observations = Array.from({ length: 20 }, (_, at) => ({
      ...{ builder: `b${at}`, cluster: 'xyz'.charAt(at % 3) },
      facts: { kernel: at % 4, memory: at, host: `h${at % 7}` },
    }));
    expect(await inTurns(separatorsInSteps(observations), NEVER)).toEqual(separators(observations));
  });
});
