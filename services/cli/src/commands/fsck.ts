import type { Command } from 'commander';
import { runService } from '../run-service.js';

const AFTER = `
Believes nothing in the database but what that key signed, and changes nothing.
The key is best had from somewhere else: a builder's configuration, a forum post,
GET /v1/log/key of an earlier day.
An address with a password is best given as DATABASE_URL: everybody on a machine sees the arguments
of its programs.

Exit codes: 0 the log is sound; 4 it is not, and the first thing wrong is named.

Example:
  repro-quorum fsck --database postgres://... --vkey "$(cat log.vkey)"`;

interface FsckOptions {
  readonly database?: string;
  readonly vkey: string;
  readonly json?: boolean;
}

/** `fsck`: verifies a coordinator's whole log anew. */
export function addFsck(program: Command): void {
  program
    .command('fsck')
    .description("verify a coordinator's whole log anew, in its database")
    .option('--database <url>', "the coordinator's PostgreSQL; DATABASE_URL without it")
    .requiredOption('--vkey <key>', "the log's verifier key")
    .addHelpText('after', AFTER)
    .action(async (_options: unknown, command: Command) => {
      const { database, vkey, json = false } = command.optsWithGlobals<FsckOptions>();
      process.exitCode = await runService('check of a log', {
        ...(database !== undefined && { DATABASE_URL: database }),
        LOG_VKEY: vkey,
        FSCK_JSON: json ? 'true' : 'false',
      });
    });
}
