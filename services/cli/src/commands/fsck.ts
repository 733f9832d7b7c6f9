import type { Command } from 'commander';
import { isAlong, runService } from '../run-service.js';

const AFTER = `
Believes nothing but what that key signed, and changes nothing. Of a database it verifies every
envelope, signature, leaf, node and checkpoint, every row that is made from the log, the witnesses'
lines and the links; of a folder that \`log export\` made, every tile, the checkpoint and every envelope.
The key is best had from somewhere else: a builder's configuration, a forum post,
GET /v1/log/key of an earlier day.
An address with a password is best given as DATABASE_URL: everybody on a machine sees the arguments
of its programs.

Exit codes: 0 the log is sound; 4 it is not, and the first thing wrong is named.

Examples:
  repro-quorum fsck --database postgres://... --vkey "$(cat log.vkey)"
  repro-quorum fsck copy-of-the-log --vkey "$(cat log.vkey)"`;

interface FsckOptions {
  readonly database?: string;
  readonly archive?: string;
  readonly vkey: string;
  readonly json?: boolean;
}

/** `fsck`: verifies a coordinator's whole log, or a copy of it, anew. */
export function addFsck(program: Command): void {
  program
    .command('fsck', { hidden: !isAlong('check of a log') })
    .summary("verify a coordinator's whole log anew")
    .description("verify a coordinator's whole log anew, in its database or in a copy of it")
    .argument('[folder]', 'a copy of the log; the database without it')
    .option('--database <url>', "the coordinator's PostgreSQL; DATABASE_URL without it")
    .option('--archive <folder>', 'where envelopes are that left the database')
    .requiredOption('--vkey <key>', "the log's verifier key")
    .addHelpText('after', AFTER)
    .action(async (folder: string | undefined, _options: unknown, command: Command) => {
      const { database, archive, vkey, json = false } = command.optsWithGlobals<FsckOptions>();
      process.exitCode = await runService('check of a log', {
        ...(database !== undefined && { DATABASE_URL: database }),
        ...(folder !== undefined && { FSCK_DIR: folder }),
        ...(archive !== undefined && { ARCHIVE_DIR: archive }),
        LOG_VKEY: vkey,
        FSCK_JSON: json ? 'true' : 'false',
      });
    });
}
