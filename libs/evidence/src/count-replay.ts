import { givesVerdict } from '#libs/attestation';
import {
  decide,
  parseThreshold,
  standingsOf,
  type ArtifactVerdict,
  type Ballot,
  type Flag,
} from '#libs/consensus';
import { proposalFlags, questionsOf } from '#libs/contracts';
import type { Replay } from './replay.js';
import type { WitnessPolicy } from '#libs/tlog';
import { isSufficientlyWitnessed } from './witnessing.js';

/** Makes the ballot of a replayed round by the round's own rules. */
export function ballotOf(replay: Replay, origin: string): Ballot {
  const { open, roster, state } = replay;
  const roundFlags = new Map(proposalFlags(open.release, open.urls));
  const all: Flag[] = [];
  if (!open.blind) all.push('not-blind');
  if (replay.others.length > 0) all.push('repeated');
  if (weaklyWitnessed(replay, origin).size > 0) all.push('weakly-witnessed');
  roundFlags.set('*', all);
  const seats = roster.map(({ operator, builders }) => ({
    operator,
    builders: builders.map(({ builder }) => builder),
  }));
  return {
    roster: seats,
    threshold: parseThreshold(open.threshold),
    phase: state.phase,
    questions: questionsOf(open.release),
    standings: standingsOf(
      state,
      seats.flatMap(({ builders }) => builders),
    ),
    late: state.late,
    roundFlags,
  };
}

/**
 * Counts a replayed round as its coordinator has to. An experiment or a calibration asks one builder,
 * whose word is nobody's verdict: nothing is counted.
 *
 * @throws ConsensusError for a roster or threshold that could not give a sound verdict
 */
export function countReplay(replay: Replay, origin: string): readonly ArtifactVerdict[] {
  return givesVerdict(replay.open) ? decide(ballotOf(replay, origin)) : [];
}

/**
 * Names the builders whose counted result was shown on less than the round asks its witnesses for:
 * its Reveal is missing or unsound, or its checkpoint is not sufficient. None where RoundOpen asks
 * for no witness.
 */
export function weaklyWitnessed(replay: Replay, origin: string): ReadonlySet<string> {
  const policy = replay.open.witnessing?.policy;
  return policy === undefined ? new Set() : shownUnwitnessed(replay, origin, policy);
}

/**
 * The same by whatever witnesses somebody believes: an auditor's own, or those of the round. Everybody
 * showed its result to too few where there are none.
 */
export function shownUnwitnessed(
  { results, reveals, closeIndex }: Replay,
  origin: string,
  policy: string | WitnessPolicy | undefined,
): ReadonlySet<string> {
  if (policy === undefined) return new Set(results.keys());
  const minSize = (closeIndex ?? 0) + 1;
  // Builders that waited for the same witnesses saw the same note.
  const judged = new Map<string, boolean>();
  const isEnough = (note: string): boolean => {
    const known = judged.get(note) ?? isSufficientlyWitnessed({ note, policy, origin, minSize });
    judged.set(note, known);
    return known;
  };
  const weak = [...results.keys()].filter((builder) => {
    const note = reveals.get(builder)?.reveal.checkpoint;
    return note === undefined || !isEnough(note);
  });
  return new Set(weak);
}
