import type { Command } from 'commander';
import { docPage } from '../doc-page.js';
import { isAlong, runService } from '../run-service.js';

const AFTER = `
Writes the whole log with its envelopes, and a bundle for each round, into a folder; reads both back, and
verifies them by the log's key. Run it again with the same folder: only what is new is written.
With --prune the envelopes of these rounds then leave the database; leaves, tree, checkpoints and
cosignatures stay. That needs the tables' owner, and from then on ARCHIVE_DIR for the coordinators and
--archive for fsck. Keep a second copy of the folder. The whole way:
${docPage('retention')}

Exit codes: 0 done; 4 what was written does not verify, or something is missing: nothing was pruned.

Examples:
  repro-quorum coordinator archive --before 2026-01-01 --to /srv/archive --vkey "$(cat log.vkey)"
  repro-quorum coordinator archive --keep 200 --to /srv/archive --vkey "$(cat log.vkey)" --prune`;

interface ArchiveOptions {
  readonly before?: string;
  readonly keep?: string;
  readonly to: string;
  readonly prune?: boolean;
  readonly database?: string;
  readonly vkey: string;
  readonly json?: boolean;
}

/** `coordinator archive` */
export function addArchive(coordinator: Command): void {
  coordinator
    .command('archive', { hidden: !isAlong('archive of rounds') })
    .description('write old rounds into a folder, verified')
    .option('--before <date>', 'rounds that were decided before, such as 2026-01-01')
    .option('--keep <count>', 'all decided rounds but so many of the newest')
    .requiredOption('--to <folder>', 'the archive, or where to begin one')
    .option('--prune', 'then take their envelopes out of the database')
    .option('--database <url>', "the coordinator's PostgreSQL; DATABASE_URL without it")
    .requiredOption('--vkey <key>', "the log's verifier key")
    .addHelpText('after', AFTER)
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ArchiveOptions>();
      const { before, keep, database } = options;
      process.exitCode = await runService('archive of rounds', {
        ...(database !== undefined && { DATABASE_URL: database }),
        ...(before !== undefined && { ARCHIVE_BEFORE: before }),
        ...(keep !== undefined && { ARCHIVE_KEEP: keep }),
        ARCHIVE_DIR: options.to,
        ARCHIVE_PRUNE: options.prune === true ? 'true' : 'false',
        ARCHIVE_JSON: options.json === true ? 'true' : 'false',
        LOG_VKEY: options.vkey,
      });
    });
}
