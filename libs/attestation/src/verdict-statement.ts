import { z } from 'zod';
import { readPredicate, Resource, Sha256Text, Time, type Statement } from './statement.js';
import { NAMESPACE, QUORUM, STATEMENT_TYPE, VERIFICATION_SUMMARY } from './type-uri.js';

/** A logged entry that a verdict was computed from. */
export const InputAttestation = z.object({
  uri: z.string().max(500),
  digest: z.object({ sha256: Sha256Text }),
});
export type InputAttestation = z.infer<typeof InputAttestation>;

/** A round's verdict: a claim that anybody can recompute, never an input of verification. */
export interface VerdictSummary {
  readonly coordinatorKeyId: string;
  readonly version: string;
  readonly decidedAt: string;
  readonly round: string;
  readonly releaseName: string;
  readonly policySha256: string;
  readonly isPassed: boolean;
  readonly needed: number;
  readonly eligible: number;
  readonly subject: readonly Resource[];
  /** Every commit and reveal between RoundOpen and this verdict, dissent included. */
  readonly inputs: readonly InputAttestation[];
  /** The verdict document: one entry an artifact, in the shape that reports use. */
  readonly artifacts: readonly object[];
}

const Predicate = z.object({
  verifier: z.object({ id: z.string(), version: z.record(z.string(), z.string()) }),
  timeVerified: Time,
  resourceUri: z.string(),
  policy: z.object({ uri: z.string(), digest: z.object({ sha256: Sha256Text }) }),
  inputAttestations: z.array(InputAttestation),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: z.array(z.string()),
  [QUORUM]: z.object({ round: Sha256Text, artifacts: z.array(z.record(z.string(), z.unknown())) }),
});

/**
 * Makes a verification summary of a round.
 *
 * Source: slsa.dev/spec/v1.0/verification_summary
 */
export function verdictStatement(summary: VerdictSummary): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [...summary.subject],
    predicateType: VERIFICATION_SUMMARY,
    predicate: {
      verifier: {
        id: `${NAMESPACE}/coordinators/${summary.coordinatorKeyId}`,
        version: { 'repro-quorum': summary.version },
      },
      timeVerified: summary.decidedAt,
      resourceUri: `${NAMESPACE}/releases/${summary.releaseName}`,
      policy: {
        uri: `${NAMESPACE}/rounds/${summary.round}`,
        digest: { sha256: summary.policySha256 },
      },
      inputAttestations: [...summary.inputs],
      verificationResult: summary.isPassed ? 'PASSED' : 'FAILED',
      verifiedLevels: summary.isPassed
        ? [`REPRO_QUORUM_REPRODUCED_${summary.needed}_OF_${summary.eligible}`]
        : ['FAILED'],
      [QUORUM]: { round: summary.round, artifacts: summary.artifacts },
    },
  };
}

/** Reads the round and the artifacts' verdicts out of a summary. */
export function readVerdict(statement: Statement): { round: string; artifacts: object[] } {
  return readPredicate(statement, VERIFICATION_SUMMARY, Predicate)[QUORUM];
}
