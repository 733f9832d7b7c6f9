import { givesVerdict } from '#libs/attestation';
import {
  standingsOf,
  type ArtifactVerdict,
  type Flag,
  decide,
  parseThreshold,
} from '#libs/consensus';
import { proposalFlags, questionsOf } from '#libs/contracts';
import { isWeaklyWitnessed } from './round-reveals.js';
import { invitedBuilders, type LoadedRound } from './round-store.js';

/**
 * Counts a round as it stands; an experiment or a calibration counts nothing. `isRepeated` tells that another round on the same release exists,
 * `origin` names the log that witnesses have to have vouched for.
 */
export function countRound(
  loaded: LoadedRound,
  { isRepeated, origin }: { readonly isRepeated: boolean; readonly origin: string },
): readonly ArtifactVerdict[] {
  const { open, row, state, reveals } = loaded;
  if (!givesVerdict(open)) return [];
  const roundFlags = new Map(proposalFlags(open.release, open.urls));
  const all: Flag[] = [];
  if (!open.blind) all.push('not-blind');
  if (isRepeated) all.push('repeated');
  const shown = { open, closeIndex: row.closeIndex, counted: state.claims.keys(), reveals };
  if (isWeaklyWitnessed(shown, origin)) all.push('weakly-witnessed');
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
