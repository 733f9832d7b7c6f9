import { electGuestos, five } from './parts.js';
import type { Scenario } from './scenario.js';

/**
 * Erin's machine is off while the others build; the round is closed without her. Dave's is off after his
 * commit until hers is logged: after a verdict, she would be missing from it.
 */
export const lateBuilder: Scenario = {
  name: 'late-builder',
  story: 'one builder wakes up after the round was closed',
  defects: {},
  builders: () => five(),
  // Erin is the fourth witness, too, and starts slowly on a machine that has much to do.
  coordinator: { WITNESS_FALLBACK_SECONDS: '120' },
  proposal: electGuestos,
  play: async ({ stack, until, closeRound }) => {
    const punctual = stack.builders.filter(({ operator }) => operator !== 'erin');
    const sleeping = stack.builders.filter(({ operator }) => operator === 'erin');
    const agents = await Promise.all(
      punctual.map(async (builder) => ({ builder, child: await builder.start() })),
    );
    const pausing = agents.filter(({ builder: { operator } }) => operator === 'dave');
    await until('four commits', ({ builders }) => {
      return builders.filter(({ state }) => state === 'committed').length === punctual.length;
    });
    await Promise.all(pausing.map(({ child }) => child.stop()));
    await closeRound();
    // Unless it is told to, an agent builds nothing for a round that is over.
    const late = { AFTER_CLOSE: 'build' };
    await Promise.all(sleeping.map((builder) => builder.start(late)));
    await until('a late commit', ({ builders }) => builders.some(({ state }) => state === 'late'));
    await Promise.all(pausing.map(({ builder }) => builder.start()));
    await until('a verdict, and the late result', ({ round, builders }) => {
      const late = builders.find(({ state }) => state === 'late');
      return round?.phase === 'final' && late?.attestation != null;
    });
  },
};
