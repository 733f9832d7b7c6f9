import {
  standingsOf,
  type ArtifactVerdict,
  type Flag,
  decide,
  parseThreshold,
} from '#libs/consensus';
import { proposalFlags, questionsOf } from '#libs/contracts';
import { invitedBuilders, type LoadedRound } from './round-store.js';

/**
 * Counts a round as it stands. `isRepeated` tells that another round on the same release exists.
 */
export function countRound(loaded: LoadedRound, isRepeated: boolean): readonly ArtifactVerdict[] {
  const { open, state } = loaded;
  const roundFlags = new Map(proposalFlags(open.release, open.urls));
  const all: Flag[] = [];
  if (!open.blind) all.push('not-blind');
  if (isRepeated) all.push('repeated');
  roundFlags.set('*', all);
  return decide({
    roster: open.roster.map(({ operator, builders }) => ({
      operator,
      builders: builders.map(({ builder }) => builder),
    })),
    threshold: parseThreshold(open.threshold),
    phase: state.phase,
    questions: questionsOf(open.release),
    standings: standingsOf(state, invitedBuilders(open)),
    late: state.late,
    roundFlags,
  });
}
