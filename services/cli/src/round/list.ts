import { plain, RoundList, ROUTES, type RoundSummary } from '#libs/contracts';
import { printData, printJson, say } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';
import { apiOf, type AskOptions } from './api-of.js';

/** Options of `round list`, as its definition names them. */
export interface ListOptions extends AskOptions {
  readonly limit: string;
}

/** Lists rounds, newest first, one a line. */
export async function listRounds(options: ListOptions): Promise<void> {
  const limit = wholeNumber(options.limit, '--limit', 1, 100);
  const list = await apiOf(options).get(`${ROUTES.rounds}?limit=${limit}`, RoundList);
  if (options.json === true) {
    printJson(list);
    return;
  }
  for (const round of list.rounds) printData(roundLine(round));
  if (list.rounds.length === 0) say('no round was held yet');
}

/** One line of the list; what lies in an archive was decided before. */
export function roundLine({ round, phase, openedAt, headline, archived }: RoundSummary): string {
  const state = (archived === true ? 'archived' : phase).padEnd(9);
  return plain([round.slice(0, 12), openedAt.slice(0, 16), state, headline].join('  '), 1000);
}
