import type { Command } from 'commander';
import { runService } from '../run-service.js';

const AFTER_RESTORE = `
For a database that was restored from an older backup: it is brought up to a copy of its log, which
is verified whole before. All is brought back or nothing. Stop every coordinator before, start them
after. docs/restore.md tells the whole way.

Exit codes: 0 done, or nothing to bring back; 4 the copy or the database is not sound, or they are
of different histories.

Example:
  repro-quorum coordinator restore --from copy-of-the-log --database postgres://... \\
    --vkey "$(cat log.vkey)"`;

interface RestoreOptions {
  readonly from: string;
  readonly database?: string;
  readonly vkey: string;
  readonly rootKey?: string;
  readonly json?: boolean;
}

/** `coordinator run|restore` */
export function addCoordinator(program: Command): void {
  const coordinator = program.command('coordinator').description('be a coordinator');
  coordinator
    .command('run')
    .description('run the coordinator, configured by its environment variables')
    .action(async () => {
      process.exitCode = await runService('coordinator');
    });
  coordinator
    .command('restore')
    .description('bring a database that is behind its log up to a copy of the log')
    .requiredOption('--from <folder>', 'what `log export` made, or the URL of a coordinator')
    .option('--database <url>', "the coordinator's PostgreSQL; DATABASE_URL without it")
    .requiredOption('--vkey <key>', "the log's verifier key")
    .option('--root-key <file>', 'DER file with the root key of proposals; the IC’s without it')
    .addHelpText('after', AFTER_RESTORE)
    .action(async (_options: unknown, command: Command) => {
      const { from, database, vkey, rootKey, json } = command.optsWithGlobals<RestoreOptions>();
      process.exitCode = await runService('restore of a log', {
        ...(database !== undefined && { DATABASE_URL: database }),
        ...(rootKey !== undefined && { NNS_ROOT_KEY_FILE: rootKey }),
        RESTORE_FROM: from,
        LOG_VKEY: vkey,
        RESTORE_JSON: json === true ? 'true' : 'false',
      });
    });
}
