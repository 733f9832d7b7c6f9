import { apiOf, type AskOptions } from '../round/api-of.js';
import { reportOf } from '../round/subject.js';
import { finishWith, type ReportFormat } from './print.js';

/** Options of `report`, as its definition names them. */
export interface ReportOptions extends AskOptions {
  readonly format: ReportFormat;
}

/** Prints the report of a round, a proposal or a commit. */
export async function report(subject: string, options: ReportOptions): Promise<void> {
  finishWith(await reportOf(apiOf(options), subject), options);
}
