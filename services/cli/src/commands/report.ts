import { Option, type Command } from 'commander';
import { REPORT_FORMATS } from '../report/format.js';
import type { ReportOptions } from '../report/report.js';

const AFTER = `
The exit code is the verdict's on what the proposal elects.
--format issue writes a ticket for the engineers of the system: what differs, in which
environments, and the commands that reproduce each side. post is for a forum, chat fits into
one message of Discord; with --member either is that operator's own review. html is one file.

Examples:
  repro-quorum report 138000 --format post --member alice > post.md
  repro-quorum report ROUND --format html > report.html
  repro-quorum report ROUND --format issue > ticket.md`;

/** `report SUBJECT` */
export function addReport(program: Command): void {
  program
    .command('report')
    .description("print a round's report, or a post of it")
    .argument('<subject>', 'round id, proposal number or commit')
    .addOption(
      new Option('--format <format>', 'form of the report').choices(REPORT_FORMATS).default('text'),
    )
    .option('--member <name>', 'operator whose own review post or chat is')
    .option('--public-url <url>', "address in links; the coordinator's by default")
    .addHelpText('after', AFTER)
    .action(async (subject: string, _options: unknown, command: Command) => {
      const { report } = await import('../report/report.js');
      await report(subject, command.optsWithGlobals<ReportOptions>());
    });
}
