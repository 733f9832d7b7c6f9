import { Option, type Command } from 'commander';
import type { ReportOptions } from '../report/report.js';

const AFTER = `
The exit code is the verdict's on what the proposal elects.
--format issue writes a ticket for the engineers of the system: what differs, in which
environments, and the commands that reproduce each side.

Examples:
  repro-quorum report 138000 --format md > post.md
  repro-quorum report ROUND --format issue > ticket.md`;

/** `report SUBJECT` */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('print the report of a round, a proposal or a commit')
    .argument('<subject>', 'round id, proposal number or commit')
    .addOption(
      new Option('--format <format>', 'form of the report')
        .choices(['text', 'md', 'json', 'issue'])
        .default('text'),
    )
    .addHelpText('after', AFTER)
    .action(async (subject: string, _options: unknown, command: Command) => {
      const { report } = await import('../report/report.js');
      await report(subject, command.optsWithGlobals<ReportOptions>());
    });
}
