import type { CoordinatorClient } from './coordinator-client.js';
import { eventually } from './eventually.js';
import type { HandBuilder } from './hand-builder.js';

/**
 * Plays a round on a commit to its verdict: every builder commits, hears of the close and shows the
 * same. Gives the round's id, as soon as a checkpoint covers the verdict.
 */
export async function playRound(
  api: CoordinatorClient,
  builders: readonly HandBuilder[],
  commit: string,
): Promise<string> {
  const round = await api.open({ commit });
  const sealed = await Promise.all(
    builders.map(async (builder) => {
      return { builder, ...builder.seal(await builder.invitation(round)) };
    }),
  );
  for (const { builder, commit: promise } of sealed) await builder.commit(promise);
  await Promise.all(builders.map((builder) => builder.close(round)));
  for (const { builder, result } of sealed) await builder.reveal(result);
  await api.reportIn('final', round);
  await eventually(
    'a checkpoint that covers the verdict',
    () => api.logged(round),
    (logged) => logged.every(({ proof }) => proof !== null),
  );
  return round;
}
