import { givesVerdict } from '#libs/attestation';
import {
  standingsOf,
  type ArtifactVerdict,
  type Roster,
  type Flag,
  decide,
  parseThreshold,
} from '#libs/consensus';
import { proposalFlags, questionsOf } from '#libs/contracts';
import { isWeaklyWitnessed } from './round-reveals.js';
import { invitedBuilders, type LoadedRound } from './round-store.js';

/** What a count has to know beside the round. */
export interface CountedIn {
  readonly isRepeated: boolean;
  readonly origin: string;
}

/** Whose votes are counted, and how many of them have to agree. */
export interface Electorate {
  readonly roster: Roster;
  readonly threshold: string;
}

/** Everybody whom a round asked, by the round's own threshold. */
export function electorateOf({ open }: Pick<LoadedRound, 'open'>): Electorate {
  const roster = open.roster.map(({ operator, builders }) => ({
    operator,
    builders: builders.map(({ builder }) => builder),
  }));
  return { roster, threshold: open.threshold };
}

/**
 * Counts a round as it stands; an experiment or a calibration counts nothing. `isRepeated` is what
 * `readRepeated` says of it, `origin` names the log that witnesses have to have vouched for, and `among`
 * whose votes count.
 */
export function countRound(
  loaded: LoadedRound,
  { isRepeated, origin }: CountedIn,
  among: Electorate = electorateOf(loaded),
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
    roster: among.roster,
    threshold: parseThreshold(among.threshold),
    phase: state.phase,
    questions: questionsOf(open.release),
    standings: standingsOf(state, invitedBuilders(open)),
    late: state.late,
    roundFlags,
  });
}
