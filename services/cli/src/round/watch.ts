import { setTimeout as sleep } from 'node:timers/promises';
import { Report, ROUTES } from '#libs/contracts';
import { finishWith } from '../report/print.js';
import { say } from '../terminal.js';
import { CoordinatorAway, type Api } from './api.js';
import { apiOf, type AskOptions } from './api-of.js';
import { withExplanation } from './await-explanation.js';
import { ProgressView } from './progress-view.js';
import { roundOf } from './subject.js';

const POLL_MS = 1_000;
/** How long a coordinator that has answered before may be away. */
const PATIENCE_MS = 120_000;

/** Follows a round to its verdict and prints its report. */
export async function watchAndPrint(subject: string, options: AskOptions): Promise<void> {
  const api = apiOf(options);
  finishWith(await watchRound(api, await roundOf(api, subject)), options);
}

/**
 * Follows a round until it is final, and a moment longer where it split. A coordinator that starts
 * again meanwhile is waited for; what it knows is in its database.
 *
 * @throws CommandError
 */
export async function watchRound(api: Api, round: string): Promise<Report> {
  const view = new ProgressView(process.stderr);
  let answeredAtMs: number | null = null;
  let isAway = false;
  for (;;) {
    try {
      const report = await api.get(`${ROUTES.rounds}/${round}/report`, Report);
      answeredAtMs = performance.now();
      isAway = false;
      view.show(report);
      if (report.round?.phase === 'final') return await withExplanation(api, round, report);
    } catch (error) {
      if (!(error instanceof CoordinatorAway) || answeredAtMs === null) throw error;
      if (performance.now() - answeredAtMs > PATIENCE_MS) throw error;
      if (!isAway) say('the coordinator is away; waiting for it to answer again');
      isAway = true;
      view.leave();
    }
    await sleep(POLL_MS);
  }
}
