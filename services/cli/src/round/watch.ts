import { setTimeout as sleep } from 'node:timers/promises';
import { plain, Report, ROUTES, type RoundEvent } from '#libs/contracts';
import { finishWith } from '../report/print.js';
import { say } from '../terminal.js';
import { CoordinatorAway, type Api } from './api.js';
import { apiOf, type AskOptions } from './api-of.js';
import { withExplanation } from './await-explanation.js';
import { liveRound } from './live-round.js';
import { ProgressView } from './progress-view.js';
import { ShownLogs } from './shown-logs.js';
import { withProgress } from './shown-progress.js';
import { roundOf } from './subject.js';

const POLL_MS = 1_000;
/** How long a coordinator that has answered before may be away. */
const PATIENCE_MS = 120_000;
/** How long to ask again and again before asking once more to be told. */
const LIVE_AGAIN_MS = 30_000;

/** Options of `round watch`, as its definition names them. */
export interface WatchOptions extends AskOptions {
  readonly logs?: true;
}

/** Follows a round to its verdict and prints its report. */
export async function watchAndPrint(subject: string, options: WatchOptions): Promise<void> {
  const api = apiOf(options);
  finishWith(await watchRound(api, await roundOf(api, subject), options), options);
}

/**
 * Follows a round until it is final, and a moment longer where it split: live, or by asking again and
 * again where the coordinator tells nothing by itself. A coordinator that starts again meanwhile is
 * waited for; what it knows is in its database.
 *
 * @throws CommandError
 */
export async function watchRound(
  api: Api,
  round: string,
  { logs }: Pick<WatchOptions, 'logs'> = {},
): Promise<Report> {
  const view = new ProgressView(process.stderr);
  const shownLogs = logs === true ? new ShownLogs() : null;
  let answeredAtMs: number | null = null;
  let isAway = false;
  let liveFromMs = 0;
  for (;;) {
    try {
      const report = await reportOn(api, round, view);
      answeredAtMs = performance.now();
      isAway = false;
      if (isFinal(report)) return await withExplanation(api, round, report);
      if (performance.now() >= liveFromMs) {
        const outcome = await follow(api, report, { round, view, logs: shownLogs });
        answeredAtMs = performance.now();
        if (outcome === 'final') continue;
        if (outcome === 'not-offered') liveFromMs = answeredAtMs + LIVE_AGAIN_MS;
      }
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

async function reportOn(api: Api, round: string, view: ProgressView): Promise<Report> {
  const report = await api.get(`${ROUTES.rounds}/${round}/report`, Report);
  view.show(report);
  return report;
}

function isFinal({ round }: Report): boolean {
  return round?.phase === 'final';
}

interface Following {
  readonly round: string;
  readonly view: ProgressView;
  /** Null where no lines of builds are asked for. */
  readonly logs: ShownLogs | null;
}

/** Shows what is told of a round, until there is a verdict or nothing more is told. */
async function follow(
  api: Api,
  report: Report,
  { round, view, logs }: Following,
): Promise<'final' | 'ended' | 'not-offered'> {
  const events = await liveRound(api, round);
  if (events === null) return 'not-offered';
  logs?.reconnect();
  let shown: Pick<Report, 'round' | 'builders'> = report;
  for await (const event of events) {
    switch (event.kind) {
      case 'final':
        return 'final';
      case 'changed':
        shown = await reportOn(api, round, view);
        break;
      case 'progress':
        shown = withProgress(shown, event);
        view.show(shown);
        break;
      case 'log':
        if (logs !== null) showLog(shown, event, logs.take(event), view);
        break;
    }
  }
  return 'ended';
}

/** A build's own words: each line says whose it is, and none of them steers the terminal. */
function showLog(
  { builders }: Pick<Report, 'builders'>,
  { builder }: Extract<RoundEvent, { kind: 'log' }>,
  lines: readonly string[],
  view: ProgressView,
): void {
  const operator = builders.find((one) => one.builder === builder)?.operator ?? builder;
  view.leave();
  for (const line of lines) {
    process.stderr.write(`${plain(operator, 40)} | ${plain(line, 1000)}\n`);
  }
}
