import { expect, test } from 'vitest';
import { orderTo } from './agent-order.js';

test.each([
  [null, 'continue'],
  ['applied', 'continue'],
  ['active', 'continue'],
  ['paused', 'pause'],
  ['draining', 'drain'],
  ['retired', 'stop'],
  ['revoked', 'stop'],
] as const)('a builder that is %s is told to %s', (status, order) => {
  expect(orderTo(status)).toBe(order);
});
