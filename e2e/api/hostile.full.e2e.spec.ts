import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_TOKEN, CoordinatorClient } from '#libs/testing';
import { five } from '../scenarios/parts.js';
import { startStack, type Stack } from '../stack/stack.js';
import { besiege } from './besiege.js';

const REQUESTS = 20_000;
const ENOUGH = '1000000000';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack(() => five(), {
    ...{ READS_PER_MINUTE: ENOUGH, CHANGES_PER_MINUTE: ENOUGH, KEYS_PER_HOUR: ENOUGH },
    ...{ ENROLMENTS_PER_HOUR: ENOUGH, WRONG_TOKENS_PER_MINUTE: ENOUGH, LOG_LEVEL: 'silent' },
  });
});
afterAll(() => stack.close());

test(`${REQUESTS} hostile requests to the built coordinator get no 5xx but a documented 503`, async () => {
  const { url } = stack.coordinator;
  const params = {
    ...{ round: ['ee'.repeat(32)], sha256: ['ee'.repeat(32)], origin: ['ee'.repeat(32)] },
    ...{ builder: ['aaaaa-cai'], proposal: ['138000'], id: ['0'.repeat(12)], index: ['0'] },
    ...{ path: ['0/000'], order: ['pause'], group: ['nobody'] },
  };
  const tally = await besiege(url, { params, tokens: [ADMIN_TOKEN] }, REQUESTS);
  console.log(`by status: ${JSON.stringify(Object.fromEntries([...tally].toSorted()))}`);
  expect([...tally.values()].reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(REQUESTS);
  expect((await new CoordinatorClient(url).get('/readyz')).status).toBe(200);
}, 600_000);
