import { plain, RoundAttestations, ROUTES } from '#libs/contracts';
import { CommandError, EXIT } from '../exit.js';
import { printReport } from '../report/print.js';
import { printData, printJson } from '../terminal.js';
import { apiOf, type AskOptions } from './api-of.js';
import { reportOf, roundOf } from './subject.js';

/** Options of `round show`, as its definition names them. */
export interface ShowOptions extends AskOptions {
  readonly open?: true;
  readonly release?: true;
}

/** Shows a round's report and what is logged of it; or a file that other commands read. */
export async function showRound(subject: string, options: ShowOptions): Promise<void> {
  const api = apiOf(options);
  const id = await roundOf(api, subject);
  if (options.release === true) {
    printJson((await reportOf(api, id)).release);
    return;
  }
  const logged = await api.get(`${ROUTES.rounds}/${id}/attestations`, RoundAttestations);
  if (options.open === true) {
    const open = logged.attestations.find(({ kind }) => kind === 'round-open');
    if (open === undefined) {
      throw new CommandError(EXIT.badEvidence, `the coordinator shows no RoundOpen of ${id}`);
    }
    printJson(open.envelope);
    return;
  }
  if (options.json === true) {
    printJson(logged);
    return;
  }
  printReport(await reportOf(api, id), 'text');
  for (const { index, kind, builder } of logged.attestations) {
    const who = plain(builder ?? 'coordinator');
    printData(`  ${String(index).padStart(6)}  ${kind.padEnd(12)} ${who}`);
  }
}
