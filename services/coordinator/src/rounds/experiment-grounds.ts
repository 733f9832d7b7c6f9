import { HttpStatus } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { givesVerdict, type Experiment, type Release } from '#libs/attestation';
import { ProblemError } from '#libs/platform';
import { noSuchRound } from './round-problems.js';
import { loadRound } from './round-store.js';

/**
 * Gives the release that an experiment builds once more: that of the round which it is about, of which
 * nothing is expected, for what is expected has to be proven by a proposal.
 *
 * @throws ProblemError no-such-round, round-not-final, nothing-to-try
 */
export async function experimentRelease(
  manager: EntityManager,
  { round, artifact, builder }: Experiment,
): Promise<Release> {
  const loaded = await loadRound(manager, round);
  if (loaded === null) {
    throw noSuchRound(round);
  }
  if (loaded.row.phase !== 'final') {
    throw new ProblemError(
      HttpStatus.CONFLICT,
      'round-not-final',
      `round ${round} has no verdict yet: an experiment is about one that has`,
    );
  }
  const isCounted = loaded.builders.some((seat) => seat.builder === builder && seat.isCounted);
  const result = loaded.results.get(builder);
  const isBuilt =
    result?.kind === 'built' && result.outputs.some(({ name }) => name === artifact) && isCounted;
  if (isBuilt && givesVerdict(loaded.open)) {
    const { release } = loaded.open;
    return {
      ...release,
      artifacts: release.artifacts.map((it) => ({ ...it, expected: null, elected: false })),
    };
  }
  throw new ProblemError(
    HttpStatus.UNPROCESSABLE_ENTITY,
    'nothing-to-try',
    `builder ${builder} has no counted ${artifact} in round ${round} that it could be held against`,
  );
}
