import type { Command } from 'commander';
import { docPage } from '../doc-page.js';
import { isAlong, runService } from '../run-service.js';
import { addArchive } from './archive.js';
import { addToken } from './coordinator-token.js';

const AFTER_RESTORE = `
For a database that was restored from an older backup: it is brought up to a copy of its log, or to
what builders and others hold of it, or first to the one and then to the other. Each file is what
\`builder receipts\` wrote, a round's bundle, or a proposal as /v1/proposals/ID/evidence gives it. Where rounds
were pruned the database is sound only together with its archive. Everything is verified; all is brought
back or nothing. Stop every coordinator before, start them after.
Until each of its witnesses has answered, a coordinator then only reads the database. With --newest you
answer for it instead: you asked everybody who may hold more of the log. It may be said alone.
The whole way: ${docPage('restore')}

Exit codes: 0 done, or nothing to bring back; 4 something is not sound, of another history, or missing:
then the leaves that nobody holds are named.

Examples:
  repro-quorum coordinator restore --from copy-of-the-log --database postgres://... \\
    --vkey "$(cat log.vkey)"
  repro-quorum coordinator restore --receipts acme.jsonl bits.jsonl round.bundle.jsonl \\
    --database postgres://... --vkey "$(cat log.vkey)"`;

const AFTER_SUCCEED = `
For a log that is over, because of what it signed something is lost for good. Run it once, in an empty
database, before the coordinator is first started there with the new LOG_ORIGIN and a new key: the
first entry of the new log names the old one, its key, and the newest checkpoint that is known of it,
with its cosignatures. Whoever verifies a round of the new log is told of it.

Exit codes: 0 done, or done before; 4 the checkpoint is not signed by the old log's key, or the
database is not empty.

Example:
  repro-quorum coordinator succeed --from newest.note --old-vkey "$(cat log.vkey)" \\
    --origin quorum.example/log/2 --key new-key.pem --database postgres://... \\
    --reason 'the database and every copy were lost on 1 May'`;

interface RestoreOptions {
  readonly from?: string;
  readonly receipts?: readonly string[];
  readonly newest?: boolean;
  readonly database?: string;
  readonly vkey: string;
  readonly rootKey?: string;
  readonly archive?: string;
  readonly json?: boolean;
}

interface SucceedOptions {
  readonly from: string;
  readonly oldVkey: string;
  readonly reason: string;
  readonly origin?: string;
  readonly key?: string;
  readonly passphraseFile?: string;
  readonly database?: string;
  readonly json?: boolean;
}

/** `coordinator run|restore|succeed|token` */
export function addCoordinator(program: Command): void {
  const coordinator = program.command('coordinator').description('be a coordinator');
  coordinator
    .command('run', { hidden: !isAlong('coordinator') })
    .description('run the coordinator, configured by its environment variables')
    .action(async () => {
      process.exitCode = await runService('coordinator');
    });
  coordinator
    .command('restore', { hidden: !isAlong('restore of a log') })
    .description('bring a database that is behind its log up to what others hold of the log')
    .option('--from <folder>', 'what `log export` made, or the URL of a coordinator')
    .option('--receipts <files...>', 'what builders gave out, bundles, proposals')
    .option('--newest', 'answer for it that nobody holds more of the log')
    .option('--database <url>', "the coordinator's PostgreSQL; DATABASE_URL without it")
    .requiredOption('--vkey <key>', "the log's verifier key")
    .option('--root-key <file>', 'DER file with the root key of proposals; the IC’s without it')
    .option('--archive <folder>', 'where envelopes of pruned rounds are')
    .addHelpText('after', AFTER_RESTORE)
    .action(async (_options: unknown, command: Command) => {
      const { from, receipts, newest, database, vkey, rootKey, archive, json } =
        command.optsWithGlobals<RestoreOptions>();
      process.exitCode = await runService('restore of a log', {
        ...(database !== undefined && { DATABASE_URL: database }),
        ...(rootKey !== undefined && { NNS_ROOT_KEY_FILE: rootKey }),
        ...(from !== undefined && { RESTORE_FROM: from }),
        ...(archive !== undefined && { ARCHIVE_DIR: archive }),
        ...(receipts !== undefined && { RESTORE_RECEIPTS: receipts.join('\n') }),
        RESTORE_NEWEST: newest === true ? 'true' : 'false',
        LOG_VKEY: vkey,
        RESTORE_JSON: json === true ? 'true' : 'false',
      });
    });
  addArchive(coordinator);
  addSucceed(coordinator);
  addToken(coordinator);
}

function addSucceed(coordinator: Command): void {
  coordinator
    .command('succeed', { hidden: !isAlong('succession of a log') })
    .description('begin a new log by the signed word that another one is over')
    .requiredOption('--from <file>', 'the newest checkpoint that anybody has of the old log')
    .requiredOption('--old-vkey <key>', "the old log's verifier key")
    .requiredOption('--reason <text>', 'why it cannot go on, for everybody to read')
    .option('--origin <name>', "the new log's name; LOG_ORIGIN without it")
    .option('--key <file>', "the new log's private key; SIGNING_KEY_FILE without it")
    .option('--passphrase-file <file>', 'passphrase of a key that is locked')
    .option('--database <url>', 'an empty PostgreSQL; DATABASE_URL without it')
    .addHelpText('after', AFTER_SUCCEED)
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<SucceedOptions>();
      const { origin, key, passphraseFile, database } = options;
      process.exitCode = await runService('succession of a log', {
        ...(origin !== undefined && { LOG_ORIGIN: origin }),
        ...(key !== undefined && { SIGNING_KEY_FILE: key }),
        ...(passphraseFile !== undefined && { KEY_PASSPHRASE_FILE: passphraseFile }),
        ...(database !== undefined && { DATABASE_URL: database }),
        SUCCEED_CHECKPOINT: options.from,
        SUCCEED_VKEY: options.oldVkey,
        SUCCEED_REASON: options.reason,
        SUCCEED_JSON: options.json === true ? 'true' : 'false',
      });
    });
}
