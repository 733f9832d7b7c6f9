import { Command, Option } from 'commander';
import { addAttest } from './commands/attest.js';
import { addBuilder } from './commands/builder.js';
import { addCheck } from './commands/check.js';
import { addCompletion } from './commands/completion.js';
import { addCoordinator } from './commands/coordinator.js';
import { addExplain } from './commands/explain.js';
import { addFsck } from './commands/fsck.js';
import { addGroup } from './commands/group.js';
import { addLog } from './commands/log.js';
import { addNewsCommands } from './commands/news.js';
import { addOperator } from './commands/operator.js';
import { addReport } from './commands/report.js';
import { addRound } from './commands/round.js';
import { addTally } from './commands/tally.js';
import { addVerify } from './commands/verify.js';
import { docPage } from './doc-page.js';
import { VERSION } from './version.js';

const DEFAULT_COORDINATOR = 'http://127.0.0.1:3000';
/** Commands that ask a coordinator; the others work on files alone. */
const ASKING = [
  ...['round', 'group', 'news', 'report', 'explain', 'token'],
  ...['init', 'enroll', 'status', 'list', 'approve', 'calibrate'].map(ofBuilder),
  ...['invite', 'invites', 'withdraw'].map(ofBuilder),
  ...['pause', 'resume', 'drain', 'retire', 'revoke'].map(ofBuilder),
];
/** Those of them that change something, or read what is not public. */
const WITH_TOKEN = [
  ...['open', 'amend', 'close', 'cancel', 'token', 'set', 'remove', 'news'],
  ...['approve', 'invite', 'invites', 'withdraw', 'calibrate'],
  ...['pause', 'resume', 'drain', 'retire', 'revoke'],
];

const AFTER = `
Examples, on one machine, on files alone, and with a coordinator:
  repro-quorum check -p 138000
  repro-quorum attest --release release.json --sums SHA256SUMS --key key.pem --out me.json
  repro-quorum tally --release release.json --roster roster.json --threshold 2/3 me.json
  repro-quorum verify round.jsonl --policy policy.yaml
  repro-quorum round open 138000 --watch

Exit codes: 0 reproduced, or done; 1 it does not reproduce; 2 wrong usage;
3 undecided; 4 the evidence is bad; 130 interrupted.
Data goes to stdout, everything else to stderr. File formats: ${docPage('files')}`;

/**
 * Makes the command tree. What a command does is loaded when it is called, so that `--version` and
 * `--help` do not wait for what they never use.
 */
export function createProgram(environment: Readonly<NodeJS.ProcessEnv>): Command {
  const program: Command = new Command('repro-quorum')
    .description('Rebuild an IC-OS release together, and say in one verdict what came out.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--json', 'print data as JSON')
    .option(
      '--coordinator <url>',
      'coordinator to ask; also REPRO_QUORUM_COORDINATOR',
      environment['REPRO_QUORUM_COORDINATOR'] ?? DEFAULT_COORDINATOR,
    )
    // Shown where it is needed, and nowhere else.
    .addOption(
      new Option(
        '--token-file <file>',
        'access token to change something; also REPRO_QUORUM_TOKEN',
      ).hideHelp(),
    )
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error: /, 'repro-quorum: '));
      },
    })
    .showHelpAfterError('add --help to see how it is used')
    .configureHelp({
      showGlobalOptions: true,
      visibleGlobalOptions: (command) => {
        if (command === program) return [];
        const path = pathOf(command);
        const asks = [...path, path.join(' ')].some((name) => ASKING.includes(name));
        const takesToken = asks && path.some((name) => WITH_TOKEN.includes(name));
        return program.options.filter(
          ({ long }) =>
            long === '--json' ||
            (asks && long === '--coordinator') ||
            (takesToken && long === '--token-file'),
        );
      },
    })
    .addHelpText('after', AFTER);
  addCheck(program);
  addRound(program);
  addGroup(program);
  addNewsCommands(program);
  addReport(program);
  addAttest(program);
  addTally(program);
  addVerify(program);
  addExplain(program);
  addBuilder(program);
  addOperator(program);
  addCoordinator(program);
  addFsck(program);
  addLog(program);
  addCompletion(program);
  return program;
}

function pathOf(command: Command): string[] {
  const { parent } = command;
  return parent === null ? [] : [...pathOf(parent), command.name()];
}

function ofBuilder(name: string): string {
  return `builder ${name}`;
}
