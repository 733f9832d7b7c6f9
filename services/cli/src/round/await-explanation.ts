import { setTimeout as sleep } from 'node:timers/promises';
import { Report, RoundExplanation, ROUTES } from '#libs/contracts';
import { CommandError } from '../exit.js';
import { say } from '../terminal.js';
import { CoordinatorAway, type Api } from './api.js';

const POLL_MS = 500;
/** A split is explained within seconds where its builders are there; nobody is kept for longer. */
const PATIENCE_MS = 15_000;

/**
 * Gives the report of a decided round once its split is explained, or as it stands when builders that
 * could tell more are away.
 */
export async function withExplanation(api: Api, round: string, report: Report): Promise<Report> {
  if (!report.artifacts.some(({ clusters }) => clusters.length > 1)) return report;
  const untilMs = performance.now() + PATIENCE_MS;
  let isSaid = false;
  for (;;) {
    const isComplete = await isExplained(api, round);
    if (isComplete || performance.now() > untilMs) {
      return api.get(`${ROUTES.rounds}/${round}/report`, Report);
    }
    if (!isSaid) say('the builders got different bytes; asking them what differs');
    isSaid = true;
    await sleep(POLL_MS);
  }
}

async function isExplained(api: Api, round: string): Promise<boolean> {
  try {
    const path = `${ROUTES.rounds}/${round}/explanation`;
    return (await api.get(path, RoundExplanation)).isComplete;
  } catch (error) {
    // A coordinator of an older version explains nothing; its verdict is as good.
    if (error instanceof CommandError && !(error instanceof CoordinatorAway)) return true;
    throw error;
  }
}
