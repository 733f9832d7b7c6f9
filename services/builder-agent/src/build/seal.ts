import {
  commitmentOf,
  commitStatement,
  refOf,
  resultStatement,
  signStatement,
  type Environment,
  type Result,
  type ResultHead,
  type Signer,
} from '#libs/attestation';
import { VERSION } from '#libs/contracts';
import type { Job, Sealed } from '../jobs/job.js';

/** Signs a result, and a commit to exactly these bytes. */
export function seal(job: Job, result: Result, signer: Signer): Sealed {
  const envelope = signStatement(resultStatement(result), signer);
  const commit = { round: job.round, builder: signer.id, commitment: commitmentOf(envelope) };
  return { result: envelope, commit: signStatement(commitStatement(commit), signer) };
}

/** Fills in what every result of a job tells. */
export function resultHead(
  job: Job,
  signer: Signer,
  environment: Environment,
  times: { readonly startedAt: Date; readonly finishedAt: Date },
  salt: string,
  agentDigest: string | null,
): ResultHead {
  return {
    round: job.round,
    builder: signer.id,
    release: refOf(job.open.release),
    salt,
    agentVersion: VERSION,
    agentDigest,
    startedAt: times.startedAt.toISOString(),
    finishedAt: times.finishedAt.toISOString(),
    environment,
  };
}
