import { roundOutcome } from '#libs/consensus';
import { reportMarkdown, reportTerminal, type Report } from '#libs/contracts';
import { EXIT, exitCodeOf, type ExitCode } from '../exit.js';
import { mayColor, printData, printJson } from '../terminal.js';

/** The forms of a report. */
export type ReportFormat = 'text' | 'md' | 'json';

/** Gives the exit code that a report means: by what is elected, else by everything asked. */
export function reportExit({ kind, artifacts }: Pick<Report, 'kind' | 'artifacts'>): ExitCode {
  if (kind === 'nothing-to-build') return EXIT.ok;
  if (artifacts.length === 0) return EXIT.undecided;
  return exitCodeOf(roundOutcome(artifacts));
}

/** Prints a report in one of its forms. */
export function printReport(report: Report, format: ReportFormat): void {
  if (format === 'json') printJson(report);
  else if (format === 'md') printData(reportMarkdown(report));
  else printData(reportTerminal(report, { color: mayColor(process.stdout) }));
}

/** Ends a command with a report: prints it, and its exit code becomes the command's. */
export function finishWith(
  report: Report,
  { json, format = 'text' }: { readonly json?: true; readonly format?: ReportFormat },
): void {
  printReport(report, json === true ? 'json' : format);
  process.exitCode = reportExit(report);
}
