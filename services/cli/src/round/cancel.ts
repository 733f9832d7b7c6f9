import { CancelAnswer, ROUTES } from '#libs/contracts';
import { printJson, say } from '../terminal.js';
import { apiOf, type AskOptions } from './api-of.js';
import { roundOf } from './subject.js';

/** Options of `round cancel`, as its definition names them. */
export interface CancelOptions extends AskOptions {
  readonly builder: string;
}

/** Has one builder stop building for a round, and tells once nothing of its build is left. */
export async function cancelBuild(subject: string, options: CancelOptions): Promise<void> {
  const api = apiOf(options);
  const round = await roundOf(api, subject);
  const { builder } = options;
  const answer = await api.post(`${ROUTES.rounds}/${round}/cancel`, { builder }, CancelAnswer);
  if (options.json === true) {
    printJson({ round, builder, ...answer });
    return;
  }
  const told: Readonly<Record<CancelAnswer['outcome'], string>> = {
    stopped: `the build was ended, with all its processes, in ${answer.tookMs} ms`,
    'not-running': 'nothing of it ran, and nothing will',
    refused: 'its agent refused the order: its log says why',
  };
  say(`round ${round.slice(0, 12)}: builder ${builder}: ${told[answer.outcome]}`);
}
