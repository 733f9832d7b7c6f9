import type { Command } from 'commander';
import { Option } from 'commander';
import { roundOutcome } from '#libs/consensus';
import { reportMarkdown, reportTerminal, type Report } from '#libs/contracts';
import { EXIT, exitCodeOf, type ExitCode } from '../exit.js';
import { mayColor, printData, printJson } from '../terminal.js';
import { apiOf, type GlobalOptions } from './context.js';
import { reportOf } from './subject.js';

/** Gives the exit code that a report means: by what is elected, else by everything asked. */
export function reportExit(report: Report): ExitCode {
  if (report.kind === 'nothing-to-build') return EXIT.ok;
  if (report.artifacts.length === 0) return EXIT.undecided;
  return exitCodeOf(roundOutcome(report.artifacts));
}

/** Prints a report in one of its forms. */
export function printReport(report: Report, format: 'text' | 'md' | 'json'): void {
  if (format === 'json') printJson(report);
  else if (format === 'md') printData(reportMarkdown(report));
  else printData(reportTerminal(report, { color: mayColor(process.stdout) }));
}

/** `report SUBJECT` */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('print the report of a round, a proposal or a commit')
    .argument('<subject>', 'round id, proposal number or commit')
    .addOption(
      new Option('--format <format>', 'text, md or json')
        .choices(['text', 'md', 'json'])
        .default('text'),
    )
    .action(async (subject: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<{ format: 'text' | 'md' | 'json' } & GlobalOptions>();
      const report = await reportOf(apiOf(options), subject);
      printReport(report, options.json === true ? 'json' : options.format);
      process.exitCode = reportExit(report);
    });
}
