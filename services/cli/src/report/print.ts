import { roundOutcome } from '#libs/consensus';
import { reportIssue, reportMarkdown, reportTerminal, type Report } from '#libs/contracts';
import { CommandError, EXIT, exitCodeOf, type ExitCode } from '../exit.js';
import type { ReportFormat } from './format.js';
import { mayColor, printData, printJson } from '../terminal.js';

/** Forms that need nothing but the report. */
export type PlainFormat = Exclude<ReportFormat, 'html' | 'post' | 'chat'>;

/** Gives the exit code that a report means: by what is elected, else by everything asked. */
export function reportExit({ kind, artifacts }: Pick<Report, 'kind' | 'artifacts'>): ExitCode {
  if (kind === 'nothing-to-build') return EXIT.ok;
  if (artifacts.length === 0) return EXIT.undecided;
  return exitCodeOf(roundOutcome(artifacts));
}

/**
 * Prints a report in one of its forms.
 *
 * @throws CommandError undecided for the ticket of a round in which nothing was explained
 */
export function printReport(report: Report, format: PlainFormat): void {
  if (format === 'json') printJson(report);
  else if (format === 'md') printData(reportMarkdown(report));
  else if (format === 'issue') printData(ticketOf(report));
  else printData(reportTerminal(report, { color: mayColor(process.stdout) }));
}

/** Ends a command with a report: prints it, and its exit code becomes the command's. */
export function finishWith(
  report: Report,
  { json, format = 'text' }: { readonly json?: true; readonly format?: PlainFormat },
): void {
  printReport(report, json === true ? 'json' : format);
  process.exitCode = reportExit(report);
}

function ticketOf(report: Report): string {
  const ticket = reportIssue(report);
  if (ticket !== '') return ticket;
  throw new CommandError(
    EXIT.undecided,
    'there is nothing to write a ticket of: no artifact is explained in this report',
    'builders that all got the same bytes leave nothing to explain; a round is explained once it is final',
  );
}
