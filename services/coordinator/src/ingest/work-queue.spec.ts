import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WorkQueue } from './work-queue.js';

const POISON = -1;

/** Does nothing but note what it was given; poison spoils whatever it is in. */
function makeQueue(maxItems = 256): {
  queue: WorkQueue<number, string>;
  batches: number[][];
} {
  const batches: number[][] = [];
  const queue = new WorkQueue<number, string>((items) => {
    batches.push([...items]);
    if (items.includes(POISON)) return Promise.reject(new Error('poison'));
    return Promise.resolve(items.map((item) => `did ${item}`));
  }, maxItems);
  return { queue, batches };
}

function done(batches: readonly (readonly number[])[]): readonly number[] {
  return batches.filter((batch) => !batch.includes(POISON)).flat();
}

describe('what comes together', () => {
  test('is done together, in its order, and each is told its own result', async () => {
    const { queue, batches } = makeQueue();
    const results = await Promise.all([1, 2, 3].map((at) => queue.add(Promise.resolve(at))));
    expect(results).toEqual(['did 1', 'did 2', 'did 3']);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test('is not overtaken while it is in the making', async () => {
    const { queue, batches } = makeQueue();
    const slow = Promise.withResolvers<number>();
    const results = [queue.add(slow.promise), queue.add(Promise.resolve(2))];
    await new Promise((resolve) => setImmediate(resolve));
    expect(batches).toEqual([]);
    slow.resolve(1);
    await Promise.all(results);
    expect(batches.flat()).toEqual([1, 2]);
  });

  test('is cut where there is too much of it', async () => {
    const { queue, batches } = makeQueue(2);
    await Promise.all([1, 2, 3, 4, 5].map((at) => queue.add(Promise.resolve(at))));
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('may fail while it waits for its turn', async () => {
    const { queue } = makeQueue();
    const slow = Promise.withResolvers<number>();
    const [first, second] = [queue.add(slow.promise), queue.add(Promise.reject(new Error('bad')))];
    const refused = expect(second).rejects.toThrow('bad');
    // The process would end here, as soon as a rejection was heard by nobody for one turn.
    await new Promise((resolve) => setImmediate(resolve));
    slow.resolve(1);
    expect(await first).toBe('did 1');
    await refused;
  });

  test('goes on without what could not be made', async () => {
    const { queue, batches } = makeQueue();
    const bad = queue.add(Promise.reject(new Error('no signature')));
    const good = queue.add(Promise.resolve(2));
    await expect(bad).rejects.toThrow('no signature');
    expect(await good).toBe('did 2');
    expect(batches).toEqual([[2]]);
  });
});

test('one poisoned item fails alone, and costs the others a few tries, not one each', async () => {
  const { queue, batches } = makeQueue();
  const items = Array.from({ length: 256 }, (_, at) => (at === 100 ? POISON : at));
  const settled = await Promise.allSettled(items.map((item) => queue.add(Promise.resolve(item))));
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(settled[100]!.status).toBe('rejected');
  expect(done(batches)).toEqual(items.filter((item) => item !== POISON));
  expect(batches.length).toBeLessThan(20);
});

test('any number of poisoned items: the others are each done once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 40 }), fc.nat(7), async (bad, max) => {
      const { queue, batches } = makeQueue(max + 1);
      const items = bad.map((isBad, at) => (isBad ? POISON : at));
      const settled = await Promise.allSettled(
        items.map((item) => queue.add(Promise.resolve(item))),
      );
      expect(settled.map(({ status }) => status === 'rejected')).toEqual(bad);
      expect(done(batches)).toEqual(items.filter((item) => item !== POISON));
    }),
  );
});
