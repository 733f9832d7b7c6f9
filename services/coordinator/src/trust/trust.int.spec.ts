import { expect, test } from 'vitest';
import { TrustVerdict } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { alice: 1, bob: 1, carol: 1, dave: 1 },
});

/** Plays a round to its verdict: each operator builds one of several variants. */
async function play(commit: string, variants: Readonly<Record<string, string>>): Promise<string> {
  const { api } = quorum();
  const round = await api.open({ commit });
  const sealed = await Promise.all(
    Object.entries(variants).map(async ([operator, variant]) => {
      const builder = quorum().builder(operator);
      const own = builder.seal(await builder.invitation(round), variant);
      await builder.commit(own.commit);
      await builder.receipt(own.commit);
      return { builder, own };
    }),
  );
  for (const { builder, own } of sealed) {
    await builder.close(round);
    await builder.reveal(own.result);
  }
  await api.reportIn('final', round);
  return round;
}

async function verdictOf(round: string, query: string): Promise<TrustVerdict> {
  const answer = await quorum().api.get(`/v1/rounds/${round}/verdict${query}`);
  expect(answer.status).toBe(200);
  return TrustVerdict.parse(await answer.json());
}

test('a split round is none for those who agree, and the answer says what it was decided by', async () => {
  const split = { alice: 'one', bob: 'one', carol: 'two', dave: 'two' };
  const round = await play('0c'.repeat(20), split);
  const whole = await verdictOf(round, '');
  expect(whole).toMatchObject({ changed: [], policy: { eligible: 4, needed: 3 } });
  expect(whole.artifacts[0]?.verdict).toBe('split');
  const two = await verdictOf(round, '?trust=alice&trust=bob&threshold=2');
  expect(two.policy).toEqual({
    ...{ operators: ['alice', 'bob'], threshold: '2', needed: 2, eligible: 2 },
  });
  expect(two.artifacts[0]?.verdict).not.toBe('split');
  expect(two.changed[0]).toMatchObject({ from: 'split', to: two.artifacts[0]?.verdict });
  // Who is named twice counts once.
  const twice = await verdictOf(round, '?trust=alice&trust=bob&trust=alice&threshold=2');
  expect(twice).toEqual(two);
});

test.each([
  [
    'an operator whom the round did not ask',
    '?trust=alice&trust=mallory',
    422,
    'operator-not-asked',
  ],
  ['a threshold that is none', '?threshold=most', 400, 'bad-threshold'],
  ['a threshold of half', '?threshold=1/2', 422, 'threshold-too-low'],
  ['more than are named', '?trust=alice&trust=bob&threshold=3', 422, 'threshold-out-of-reach'],
  ['one who is named', '?trust=alice', 422, 'threshold-too-low'],
  ['an empty name', '?trust=', 400, 'malformed-request'],
])('%s is refused in the words of the rules', async (_what, query, status, code) => {
  const round = await play(
    `${query.length.toString(16).padStart(2, '0')}${code.length.toString(16).padStart(2, '0')}`.padEnd(
      40,
      'd',
    ),
    { alice: 'one', bob: 'one', carol: 'one', dave: 'one' },
  );
  expect(await quorum().api.refused('GET', `/v1/rounds/${round}/verdict${query}`)).toMatchObject({
    ...{ status, code },
  });
});

test('a round that is not known is a problem that says so', async () => {
  const path = `/v1/rounds/${'e'.repeat(64)}/verdict`;
  expect(await quorum().api.refused('GET', path)).toMatchObject({ code: 'no-such-round' });
});
