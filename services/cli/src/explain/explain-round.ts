import { explanationTerminal, RoundExplanation, ROUTES } from '#libs/contracts';
import { apiOf, type AskOptions } from '../round/api-of.js';
import { roundOf } from '../round/subject.js';
import { printData, printJson, say } from '../terminal.js';

/**
 * Prints all that a coordinator knows of why a round split.
 *
 * @throws CommandError undecided for a round without a verdict; otherwise as asking throws
 */
export async function explainRound(subject: string, options: AskOptions): Promise<void> {
  const api = apiOf(options);
  const round = await roundOf(api, subject);
  const told = await api.get(`${ROUTES.rounds}/${round}/explanation`, RoundExplanation);
  if (options.json === true) printJson(told);
  else if (told.artifacts.length > 0) {
    printData(told.artifacts.flatMap(explanationTerminal).join('\n').trimStart());
  }
  if (told.artifacts.length === 0) say('nothing differs in this round that could be explained');
  else if (!told.isComplete) say('not all builders have answered yet: more may come to be known');
}
