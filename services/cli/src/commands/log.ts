import type { Command } from 'commander';
import { isAlong, runService } from '../run-service.js';

const AFTER = `
Writes the signed tree as C2SP tiles with its checkpoint, every envelope under the hash of its leaf,
and what proves the proposals. A folder that was begun, or that holds an earlier tree, is gone on with:
run it daily, and keep the folder elsewhere than the database.
Nothing is verified here: \`fsck FOLDER --vkey KEY\` does that.

Examples:
  repro-quorum log export --url https://quorum.example --out copy-of-the-log
  repro-quorum log export --database postgres://... --out copy-of-the-log`;

interface ExportOptions {
  readonly url?: string;
  readonly database?: string;
  readonly archive?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** `log export` */
export function addLog(program: Command): void {
  program
    .command('log', { hidden: !isAlong('copy of a log') })
    .description('keep copies of a log')
    .command('export')
    .description("copy a coordinator's whole log into a folder")
    .option('--url <url>', 'address of the coordinator')
    .option('--database <url>', 'its PostgreSQL instead; DATABASE_URL without either')
    .option('--archive <folder>', 'where envelopes are that left the database')
    .requiredOption('--out <folder>', 'where to write, or to go on writing')
    .addHelpText('after', AFTER)
    .action(async (_options: unknown, command: Command) => {
      const { url, database, archive, out, json } = command.optsWithGlobals<ExportOptions>();
      process.exitCode = await runService('copy of a log', {
        ...(url !== undefined && { EXPORT_URL: url }),
        ...(database !== undefined && { DATABASE_URL: database }),
        ...(archive !== undefined && { ARCHIVE_DIR: archive }),
        EXPORT_DIR: out,
        EXPORT_JSON: json === true ? 'true' : 'false',
      });
    });
}
