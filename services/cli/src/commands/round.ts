import type { Command } from 'commander';
import { parseThreshold } from '#libs/consensus';
import { OpenRoundAnswer, Report, RoundAttestations, RoundList, ROUTES } from '#libs/contracts';
import { asCommitId } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { printData, printJson, say } from '../terminal.js';
import { apiOf, type GlobalOptions } from './context.js';
import { printReport, reportExit } from './report.js';
import { reportOf, roundOf } from './subject.js';
import { watchRound } from './watch.js';

interface OpenOptions {
  readonly commit?: string;
  readonly threshold?: string;
  readonly deadline?: number;
  readonly builders?: readonly string[];
  readonly watch?: true;
}

/** `round open|list|show|watch|close` */
export function addRound(program: Command): void {
  const round = program.command('round').description('open, follow and close rounds');
  addOpen(round);
  addList(round);
  addShow(round);
  round
    .command('watch')
    .description('follow a round to its verdict; the exit code is the verdict’s')
    .argument('<round>', 'round id or commit')
    .action(async (subject: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const api = apiOf(options);
      const report = await watchRound(api, await roundOf(api, subject));
      printReport(report, options.json === true ? 'json' : 'text');
      process.exitCode = reportExit(report);
    });
  round
    .command('close')
    .description('close a round now: builders that have not committed do not count')
    .argument('<round>', 'round id or commit')
    .action(async (subject: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const api = apiOf(options);
      const id = await roundOf(api, subject);
      const report = await api.post(`${ROUTES.rounds}/${id}/close`, {}, Report);
      if (options.json === true) printJson(report.round);
      else say(`round ${id.slice(0, 12)} is ${report.round?.phase ?? 'closed'}`);
    });
}

function addOpen(round: Command): void {
  round
    .command('open')
    .description('open a round on a proposal, or on a commit before there is one')
    .argument('[proposal]', 'NNS proposal number')
    .option('-c, --commit <sha>', 'commit of 40 hex characters, without a proposal')
    .option('--threshold <t>', 'operators that have to agree: 3 or 2/3')
    .option('--deadline <seconds>', 'close without everybody after this time', Number)
    .option('--builders <ids>', 'invite only these, comma separated', (text) => text.split(','))
    .option('--watch', 'follow it to its verdict')
    .action(async (proposal: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<OpenOptions & GlobalOptions>();
      const api = apiOf(options);
      const answer = await api.post(ROUTES.rounds, requestOf(proposal, options), OpenRoundAnswer);
      if (answer.kind !== 'opened') {
        printReport(answer.report, options.json === true ? 'json' : 'text');
        process.exitCode = reportExit(answer.report);
        return;
      }
      if (options.watch === true) {
        const report = await watchRound(api, answer.round);
        printReport(report, options.json === true ? 'json' : 'text');
        process.exitCode = reportExit(report);
        return;
      }
      if (options.json === true) printJson(answer);
      else printData(answer.round);
      say(`follow it with \`repro-quorum round watch ${answer.round.slice(0, 12)}\``);
    });
}

function requestOf(proposal: string | undefined, options: OpenOptions): object {
  if ((proposal === undefined) === (options.commit === undefined)) {
    throw new CommandError(
      EXIT.usage,
      'name a proposal or a commit, one of them',
      'for example `round open 138000` or `round open --commit SHA`',
    );
  }
  if (proposal !== undefined && !/^\d{1,20}$/.test(proposal)) {
    throw new CommandError(EXIT.usage, `${JSON.stringify(proposal)} is not a proposal number`);
  }
  if (options.deadline !== undefined && !Number.isInteger(options.deadline)) {
    throw new CommandError(EXIT.usage, '--deadline takes a whole number of seconds');
  }
  if (options.threshold !== undefined) parseThreshold(options.threshold);
  return {
    ...(proposal !== undefined && { proposal }),
    ...(options.commit !== undefined && { commit: asCommitId(options.commit) }),
    ...(options.threshold !== undefined && { threshold: options.threshold }),
    ...(options.deadline !== undefined && { deadlineSeconds: options.deadline }),
    ...(options.builders !== undefined && { builders: options.builders }),
  };
}

function addList(round: Command): void {
  round
    .command('list')
    .description('list rounds, newest first')
    .option('--limit <n>', 'how many, at most 100', Number, 20)
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<{ limit: number } & GlobalOptions>();
      const path = `${ROUTES.rounds}?limit=${options.limit}`;
      const list = await apiOf(options).get(path, RoundList);
      if (options.json === true) {
        printJson(list);
        return;
      }
      for (const { round: id, phase, openedAt, headline } of list.rounds) {
        printData(`${id.slice(0, 12)}  ${openedAt.slice(0, 16)}  ${phase.padEnd(9)}  ${headline}`);
      }
    });
}

function addShow(round: Command): void {
  round
    .command('show')
    .description('show what a round asked, of whom, and what is logged of it')
    .argument('<round>', 'round id or commit')
    .option('--open', 'print the signed RoundOpen: a round file for `attest --round`')
    .action(async (subject: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<{ open?: true } & GlobalOptions>();
      const api = apiOf(options);
      const id = await roundOf(api, subject);
      const logged = await api.get(`${ROUTES.rounds}/${id}/attestations`, RoundAttestations);
      if (options.open === true) {
        const open = logged.attestations.find(({ kind }) => kind === 'round-open');
        printJson(open?.envelope);
        return;
      }
      if (options.json === true) {
        printJson(logged);
        return;
      }
      printReport(await reportOf(api, id), 'text');
      for (const { index, kind, builder } of logged.attestations) {
        printData(`  ${String(index).padStart(6)}  ${kind.padEnd(12)} ${builder ?? 'coordinator'}`);
      }
    });
}
