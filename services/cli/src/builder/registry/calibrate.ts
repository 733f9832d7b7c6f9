import { OpenRoundAnswer, ROUTES } from '#libs/contracts';
import { apiOf, type AskOptions } from '../../round/api-of.js';
import { printData, printJson, say } from '../../terminal.js';

/** Has a builder rebuild the newest release that others reproduced, and prints the round's id. */
export async function calibrateBuilder(id: string, options: AskOptions): Promise<void> {
  const path = `${ROUTES.builders}/${encodeURIComponent(id)}/calibrate`;
  const answer = await apiOf(options).post(path, {}, OpenRoundAnswer);
  if (options.json === true) {
    printJson(answer);
    return;
  }
  if (answer.kind !== 'opened') return;
  printData(answer.round);
  say(`what comes of it is told by \`repro-quorum builder status ${id}\``);
}
