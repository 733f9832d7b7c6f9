import { Report, ROUTES } from '#libs/contracts';
import { printJson, say } from '../terminal.js';
import { apiOf, type AskOptions } from './api-of.js';
import { roundOf } from './subject.js';

/** Closes a round before its deadline. */
export async function closeRound(subject: string, options: AskOptions): Promise<void> {
  const api = apiOf(options);
  const id = await roundOf(api, subject);
  const report = await api.post(`${ROUTES.rounds}/${id}/close`, {}, Report);
  if (options.json === true) printJson(report.round);
  else say(`round ${id.slice(0, 12)} is ${report.round?.phase ?? 'closed'}`);
}
