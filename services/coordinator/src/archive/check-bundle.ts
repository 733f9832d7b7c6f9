import {
  findForks,
  findGaps,
  isDamning,
  isVerdictTrue,
  openBundle,
  replayRound,
  type Finding,
} from '#libs/evidence';
import type { PublicNoteKey } from '#libs/tlog';

/**
 * Verifies a round's bundle by the log's key alone: every proof and signature, that nothing is left out
 * between RoundOpen and verdict, and that the verdict follows. Gives what is wrong in words, null for
 * nothing; what honest rounds have, too, is nothing wrong. Whether the round satisfies anybody's policy is for
 * `verify` to say.
 */
export async function checkBundle(text: string, logKey: PublicNoteKey): Promise<string | null> {
  const bundle = await openBundle(text, [logKey]);
  const { header, checkpoint } = bundle;
  const told = (findings: readonly Finding[]): string | null => {
    const first = findings.find(isDamning);
    return first === undefined ? null : `${first.code}: ${first.message}`;
  };
  if (header === null || checkpoint === null) return told(bundle.findings) ?? 'it is no bundle';
  const { coordinator } = checkpoint;
  const replay = replayRound(bundle.entries, { round: header.round, coordinator });
  if (replay.open === null) return told([...bundle.findings, ...replay.findings]);
  const fault = told([
    ...bundle.findings,
    ...replay.findings,
    ...findGaps(bundle, replay),
    ...findForks(bundle, replay, [logKey]),
  ]);
  if (fault !== null) return fault;
  const isTrue = isVerdictTrue(replay, header.origin, coordinator) !== false;
  return isTrue ? null : 'the verdict that was signed does not follow from the log';
}
