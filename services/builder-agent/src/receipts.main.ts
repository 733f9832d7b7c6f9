import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { ConfigError, isMachineRefusal, readConfig } from '#libs/platform';
import { TlogError } from '#libs/tlog';
import { coordinatorOf } from './jobs/coordinator-identity.js';
import { writeDurably } from './jobs/durable-file.js';
import { receiptsFile } from './receipts/receipts-file.js';

const EXIT = { done: 0, usage: 2 };

/** Whose receipts, of which log, and where they go. The first two are the agent's own variables. */
const Config = z.object({
  STATE_DIR: z.string().min(1),
  COORDINATOR_VKEY: z.string().min(1),
  RECEIPTS_OUT: z.string().min(1),
  RECEIPTS_JSON: z.enum(['true', 'false']).default('false'),
});

// Nest would write of a job that cannot be read to where the counts go.
Logger.overrideLogger(false);
try {
  const config = readConfig(Config, process.env);
  const coordinator = coordinatorOf(config.COORDINATOR_VKEY);
  requireJobs(config.STATE_DIR);
  const { text, ...counts } = await receiptsFile(config.STATE_DIR, coordinator);
  await writeDurably(config.RECEIPTS_OUT, text);
  const { envelopes, receipts, unknown } = counts;
  const told = `${envelopes} envelopes, ${receipts} with a receipt, are in ${config.RECEIPTS_OUT}`;
  process.stdout.write(
    config.RECEIPTS_JSON === 'true' ? `${JSON.stringify(counts)}\n` : `${told}\n`,
  );
  if (envelopes === 0) {
    process.stderr.write(
      `receipts: no envelope is in ${config.STATE_DIR}: is it the STATE_DIR of the agent that you mean?\n`,
    );
  }
  if (unknown > 0) {
    process.stderr.write(`receipts: ${unknown} envelopes are by keys that no roster names\n`);
  }
  process.exitCode = EXIT.done;
} catch (error) {
  const isTold = error instanceof ConfigError || error instanceof TlogError;
  if (!(isTold || isMachineRefusal(error))) throw error;
  process.stderr.write(`receipts: ${error.message}\n`);
  process.exitCode = EXIT.usage;
}

/** A folder without jobs would be made in the wrong place, and found there the next time. */
function requireJobs(stateDir: string): void {
  const jobs = join(stateDir, 'jobs');
  if (existsSync(jobs)) return;
  throw new ConfigError(
    `there is no ${jobs}: name the agent's STATE_DIR, such as /var/lib/repro-quorum/state`,
  );
}
