import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { parseThreshold, roundOutcome, VERDICTS, votesNeeded } from '#libs/consensus';
import { headlineOf } from './headline.js';
import { reportBallot } from './report-ballot.js';
import type { Report } from './report.js';
import { recountFor, trustSetOf, type TrustSet } from './trust-set.js';
import { operatorsOf, trustedRoster } from './trusted-roster.js';
import { ArtifactReport } from './verdict.js';

/** What a round's verdict is for those whom a reader trusts: a recount, which nobody has signed. */
export const TrustVerdict = z.object({
  round: Sha256Text,
  /** What it was decided by. */
  policy: z.object({
    /** Names, in roster order. */
    operators: z.array(z.string()),
    threshold: z.string(),
    /** How many of `eligible` have to agree. */
    needed: z.number().int(),
    eligible: z.number().int(),
  }),
  headline: z.string(),
  /** Of what is elected, or of everything where nothing is. */
  outcome: z.enum(['satisfied', 'not-reproduced', 'undecided']),
  artifacts: z.array(ArtifactReport),
  /** Artifacts on which the round's own policy comes to something else. */
  changed: z.array(
    z.object({ artifact: z.string(), from: z.enum(VERDICTS), to: z.enum(VERDICTS) }),
  ),
});
export type TrustVerdict = z.infer<typeof TrustVerdict>;

/** The policy of a query, and what it leaves open from the round itself: all operators, its threshold. */
export function trustSetFor(report: Report, query: URLSearchParams): TrustSet {
  const asked = trustSetOf(query);
  if (asked !== null) return asked;
  const threshold = query.get('threshold')?.trim() ?? '';
  return {
    operators: operatorsOf(report.builders).map(({ operator }) => operator),
    threshold: threshold === '' ? (report.round?.threshold ?? '') : threshold,
  };
}

/**
 * Recounts a round as `recountFor` does, and says what is different then.
 *
 * @throws TrustError, ConsensusError as `recountFor`
 */
export function trustVerdictOf(report: Report, trustSet: TrustSet): TrustVerdict {
  const artifacts = recountFor(report, trustSet);
  const { round } = report;
  // An experiment and a calibration have one builder, and no vote.
  const isCounted = reportBallot(report) !== null;
  const roster = trustedRoster(report.builders, trustSet.operators);
  const { threshold } = trustSet;
  const eligible = roster.length;
  const needed = isCounted ? votesNeeded(parseThreshold(threshold), eligible) : 0;
  const own = new Map(report.artifacts.map(({ name, verdict }) => [name, verdict]));
  return {
    round: round?.round ?? '',
    policy: { operators: roster.map(({ operator }) => operator), threshold, needed, eligible },
    headline: headlineOf({
      ...report,
      artifacts,
      round: round === null ? null : { ...round, eligible },
    }),
    outcome: isCounted ? roundOutcome(artifacts) : 'undecided',
    artifacts,
    changed: artifacts.flatMap(({ name, verdict }) => {
      const from = own.get(name);
      return from === undefined || from === verdict ? [] : [{ artifact: name, from, to: verdict }];
    }),
  };
}
