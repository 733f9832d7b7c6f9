import { plain, RoundList, ROUTES } from '#libs/contracts';
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
  for (const { round, phase, openedAt, headline } of list.rounds) {
    const line = [round.slice(0, 12), openedAt.slice(0, 16), phase.padEnd(9), headline];
    printData(plain(line.join('  '), 1000));
  }
  if (list.rounds.length === 0) say('no round was held yet');
}
