import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark } from './benchmark.js';
import { measureBundle } from './evidence/bundle.js';
import { measureInclusion } from './evidence/inclusion.js';
import { measureIngest } from './evidence/ingest.js';

const INTERRUPTED = 130;

/** What evidence costs: to take in, to prove, to verify. */
export const evidence: Benchmark = {
  name: 'evidence',
  question: 'attestations beside bare Ed25519: taken in, proven, verified from a bundle',
  run: async (setting) => {
    const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-bench-'));
    // Gigabytes lie there: who has no patience must not be left with them.
    const leave = (): void => {
      rmSync(dir, { recursive: true, force: true });
      process.exit(INTERRUPTED);
    };
    process.once('SIGINT', leave).once('SIGTERM', leave);
    try {
      return [
        ...(await measureIngest(join(dir, 'ingest'), setting)),
        ...(await measureBundle(setting)),
        ...(await measureInclusion(join(dir, 'inclusion'), setting)),
      ];
    } finally {
      process.off('SIGINT', leave).off('SIGTERM', leave);
      await rm(dir, { recursive: true, force: true });
    }
  },
};
