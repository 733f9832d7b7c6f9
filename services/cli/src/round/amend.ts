import { Report, ROUTES, type AmendRound } from '#libs/contracts';
import { printJson, say } from '../terminal.js';
import { apiOf, type AskOptions } from './api-of.js';
import { idsIn } from './builder-ids.js';
import { roundOf } from './subject.js';

/** Options of `round amend`, as its definition names them. */
export interface AmendOptions extends AskOptions {
  readonly builders: string;
}

/** Invites more builders to an open round. */
export async function amendRound(subject: string, options: AmendOptions): Promise<void> {
  const request: AmendRound = { builders: idsIn(options.builders) };
  const api = apiOf(options);
  const id = await roundOf(api, subject);
  const report = await api.post(`${ROUTES.rounds}/${id}/amend`, request, Report);
  if (options.json === true) printJson(report.round);
  else say(`round ${id.slice(0, 12)} now asks ${report.builders.length} builders`);
}
