import { describe, expect, test } from 'vitest';
import { Budget } from './budget.js';

const GIB = 1024 ** 3;
const refusal = (code: string) => expect.objectContaining({ name: 'ImageError', code }) as Error;

describe('the holes of an artifact', () => {
  test('may be the more, the larger it is', () => {
    const small = new Budget({}, undefined, 1000);
    expect(() => {
      small.takeHoles(17 * GIB);
    }).toThrow(refusal('TOO_LARGE'));
    const large = new Budget({}, undefined, GIB);
    large.takeHoles(100 * GIB);
    large.takeHoles(100 * GIB);
    expect(() => {
      large.takeHoles(100 * GIB);
    }).toThrow(refusal('TOO_LARGE'));
  });

  test('that are too many for one part are not counted, and end nothing else', () => {
    const budget = new Budget({}, undefined, 1000);
    expect(() => {
      budget.takeHoles(1000 * GIB);
    }).toThrow(refusal('TOO_LARGE'));
    budget.checkOn();
    budget.takeHoles(15 * GIB);
  });
});

test('bytes that are too many end the whole', () => {
  const budget = new Budget({ maxBytes: 1000 }, undefined, 1);
  budget.takeBytes(1000);
  expect(() => {
    budget.takeBytes(1);
  }).toThrow(refusal('TOO_LARGE'));
  expect(budget.checkOn).toThrow(refusal('TOO_LARGE'));
});

test('zeros are hashed at once until it is the turn of others', async () => {
  const budget = new Budget({}, undefined, 1);
  expect(budget.mayGoOn(10 * 1024 ** 2)).toBe(true);
  expect(budget.mayGoOn(10 * 1024 ** 2)).toBe(false);
  await budget.giveTurn();
  expect(budget.mayGoOn(10 * 1024 ** 2)).toBe(true);
});
