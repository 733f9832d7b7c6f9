import { vi } from 'vitest';
import {
  openEnvelope,
  parseStatement,
  readResult,
  type Result,
  type Signer,
} from '#libs/attestation';
import type { JobStoreService } from './job-store.service.js';

/** Waits until a builder sealed the job of a round, and gives the result that it signed. */
export async function signedResult(
  jobs: JobStoreService,
  round: string,
  { publicKey }: Signer,
): Promise<Result> {
  const sealed = await vi.waitFor(
    async () => {
      const job = await jobs.find(round);
      if (job?.sealed == null) throw new Error(`the job of round ${round} is not sealed`);
      return job.sealed;
    },
    { timeout: 20_000, interval: 50 },
  );
  return readResult(parseStatement(openEnvelope(sealed.result, publicKey)));
}
