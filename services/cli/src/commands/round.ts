import { Option, type Command } from 'commander';
import type { ExportOptions } from '../export/export-round.js';
import type { AmendOptions } from '../round/amend.js';
import type { AskOptions } from '../round/api-of.js';
import type { CancelOptions } from '../round/cancel.js';
import type { ListOptions } from '../round/list.js';
import type { OpenOptions } from '../round/open.js';
import type { ShowOptions } from '../round/show.js';
import type { WatchOptions } from '../round/watch.js';

const SUBJECT = 'round id or the beginning of one, or a commit for its newest round';

const AFTER_OPEN = `
Prints the round's id; with --watch its report, and the exit code is the verdict's.
DEFAULT_… are variables of the coordinator, each with what holds where it is not set.
--experiment takes what a report proposes as next.request of an explanation.

Examples:
  repro-quorum round open 138000 --watch
  repro-quorum round open --commit SHA --threshold 3 --deadline 86400
  repro-quorum round open 138000 --ask 'operators=3, virtualisation:none>=1, distinct hypervisor>=2'`;

const AFTER_EXPORT = `
README.txt in the folder has the commands to type for openssl, signify, in-toto and others.

Examples:
  repro-quorum round export ROUND --bundle round.jsonl
  repro-quorum round export ROUND --out round --layout-key auditor.pem`;

/** `round open|list|show|watch|amend|close|cancel|export` */
export function addRound(program: Command): void {
  const round = program.command('round').description('open, follow, amend and close rounds');
  addOpen(round);
  addList(round);
  addShow(round);
  addWatch(round);
  addAmend(round);
  addClose(round);
  addCancel(round);
  addExport(round);
}

function addOpen(round: Command): void {
  round
    .command('open')
    .description('open a round on a proposal, or on a commit before there is one')
    .argument('[proposal]', 'NNS proposal number')
    .option('-c, --commit <sha>', 'commit of 40 hex characters, without a proposal')
    .option('--threshold <t>', 'operators that have to agree: 3 or 2/3 (DEFAULT_THRESHOLD, 2/3)')
    .option(
      '--deadline <seconds>',
      'close without everybody after so long (DEFAULT_DEADLINE_SECONDS, 86400)',
    )
    .option('--builders <ids>', 'invite only these, comma separated')
    .option('--ask <demands>', 'invite as many of these kinds as are needed: operators=3, …')
    .option('--groups <ids>', 'invite the members of these groups, comma separated')
    .option('--experiment <file|json>', 'have one builder build once more, without a verdict')
    .option('--not-blind', 'show each result at once; the verdict is flagged')
    .option('--watch', 'follow it to its verdict')
    .addHelpText('after', AFTER_OPEN)
    .action(async (proposal: string | undefined, _options: unknown, command: Command) => {
      const { openRound } = await import('../round/open.js');
      await openRound(proposal, command.optsWithGlobals<OpenOptions>());
    });
}

function addList(round: Command): void {
  round
    .command('list')
    .description('list rounds, newest first')
    .option('--limit <n>', 'how many, at most 100', '20')
    .action(async (_options: unknown, command: Command) => {
      const { listRounds } = await import('../round/list.js');
      await listRounds(command.optsWithGlobals<ListOptions>());
    });
}

function addShow(round: Command): void {
  round
    .command('show')
    .description('show what a round asked, of whom, and what is logged of it')
    .argument('<round>', SUBJECT)
    .option('--open', 'print the signed RoundOpen, for `attest --round`')
    .addOption(
      new Option('--release', 'print the release, for `attest` and `tally`').conflicts('open'),
    )
    .action(async (subject: string, _options: unknown, command: Command) => {
      const { showRound } = await import('../round/show.js');
      await showRound(subject, command.optsWithGlobals<ShowOptions>());
    });
}

function addWatch(round: Command): void {
  round
    .command('watch')
    .description("follow a round and print its report; the exit code is the verdict's")
    .argument('<round>', SUBJECT)
    .option('--logs', 'show lines of builds that let them be seen: never while a round is blind')
    .action(async (subject: string, _options: unknown, command: Command) => {
      const { watchAndPrint } = await import('../round/watch.js');
      await watchAndPrint(subject, command.optsWithGlobals<WatchOptions>());
    });
}

function addAmend(round: Command): void {
  round
    .command('amend')
    .description('invite more builders to an open round; nobody is ever taken away')
    .argument('<round>', SUBJECT)
    .requiredOption('--builders <ids>', 'whom to add, comma separated')
    .action(async (subject: string, _options: unknown, command: Command) => {
      const { amendRound } = await import('../round/amend.js');
      await amendRound(subject, command.optsWithGlobals<AmendOptions>());
    });
}

function addClose(round: Command): void {
  round
    .command('close')
    .description('close a round now: builders that have not committed do not count')
    .argument('<round>', SUBJECT)
    .action(async (subject: string, _options: unknown, command: Command) => {
      const { closeRound } = await import('../round/close.js');
      await closeRound(subject, command.optsWithGlobals<AskOptions>());
    });
}

function addCancel(round: Command): void {
  round
    .command('cancel')
    .description('have one builder stop building for a round, at once')
    .argument('<round>', SUBJECT)
    .requiredOption('--builder <id>', 'whose build is to end')
    .action(async (subject: string, _options: unknown, command: Command) => {
      const { cancelBuild } = await import('../round/cancel.js');
      await cancelBuild(subject, command.optsWithGlobals<CancelOptions>());
    });
}

function addExport(round: Command): void {
  round
    .command('export')
    .description('write the evidence of a decided round to files')
    .argument('<round>', SUBJECT)
    .option('--out <dir>', 'a new folder: the bundle, and what other tools read')
    .addOption(new Option('--bundle <file>', 'the bundle alone').conflicts('out'))
    .addOption(
      new Option(
        '--layout-key <file>',
        'sign a layout for in-toto-verify with your own key, PEM',
      ).conflicts('bundle'),
    )
    .option('--whole-log', 'a bundle with every entry of the log from its first')
    .option('--force', 'replace an earlier export')
    .addHelpText('after', AFTER_EXPORT)
    .action(async (subject: string, _options: unknown, command: Command) => {
      const { exportRound } = await import('../export/export-round.js');
      await exportRound(subject, command.optsWithGlobals<ExportOptions>());
    });
}
