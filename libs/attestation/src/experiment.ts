import { z } from 'zod';
import { FactValue } from './environment.js';
import { AttestationError } from './error.js';
import { ArtifactName } from './release.js';
import { Id, Label, Sha256Text } from './statement.js';

/**
 * What a re-build is to find out about an artifact that split in an earlier round. A round that is
 * one invites this one builder and gives no verdict.
 */
export const Experiment = z.object({
  /** The round that split. */
  round: Sha256Text,
  artifact: ArtifactName,
  builder: Id,
  /** What is otherwise than it was then; null for the same machine once more, unchanged. */
  change: z.object({ fact: Label, from: FactValue, to: FactValue }).nullable(),
});
export type Experiment = z.infer<typeof Experiment>;

/**
 * Refuses an experiment in which anybody else has a say: what gives no verdict must not be told of more
 * builders than the one that it is about.
 *
 * @throws AttestationError WRONG_BUILDER
 */
export function checkExperiment(
  { builder }: Experiment,
  roster: readonly { readonly builders: readonly { readonly builder: string }[] }[],
): void {
  const invited = roster.flatMap(({ builders }) => builders.map((one) => one.builder));
  if (invited.length === 1 && invited[0] === builder) return;
  throw new AttestationError(
    'WRONG_BUILDER',
    `an experiment with builder ${builder} invites ${invited.length} builders: expected that one alone`,
  );
}
