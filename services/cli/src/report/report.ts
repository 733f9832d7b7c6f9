import { apiOf, type AskOptions } from '../round/api-of.js';
import { reportOf } from '../round/subject.js';
import type { ReportFormat } from './format.js';
import { linkedText, refuseMember } from './linked.js';
import { finishWith, reportExit } from './print.js';
import { printData } from '../terminal.js';

/** Options of `report`, as its definition names them. */
export interface ReportOptions extends AskOptions {
  readonly format: ReportFormat;
  readonly member?: string;
  readonly publicUrl?: string;
}

/** Prints the report of a round, a proposal or a commit. */
export async function report(subject: string, options: ReportOptions): Promise<void> {
  const { format, json, member, publicUrl, coordinator } = options;
  const form = json === true ? 'json' : format;
  if (form !== 'post' && form !== 'chat') refuseMember(member);
  if (form !== 'post' && form !== 'chat' && form !== 'html') {
    finishWith(await reportOf(apiOf(options), subject), { format: form });
    return;
  }
  const found = await reportOf(apiOf(options), subject);
  printData(linkedText(found, form, { member, address: publicUrl ?? coordinator }));
  process.exitCode = reportExit(found);
}
