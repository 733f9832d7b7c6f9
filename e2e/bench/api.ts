import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTES } from '#libs/contracts';
import { ownLatency, type Latency, type Load } from './api/latency.js';
import { sampledRequests } from './api/samples.js';
import { entriesOf, seedRounds } from './api/seed.js';
import { wrkLatency } from './api/wrk-latency.js';
import type { Benchmark, Figure } from './benchmark.js';
import { openLogStand } from './evidence/log-stand.js';
import { makeFastSigner } from './evidence/signatures.js';
import { decideRound } from './serving/decided-round.js';
import { hasWrk } from './wrk.js';

const FULL = { size: { rounds: 10_000, seats: 48 }, builders: 100, seconds: 3 };
const QUICK = { size: { rounds: 200, seats: 48 }, builders: 10, seconds: 0.2 };
const LIST_MS = 25;
const REPORT_MS = 50;
/** What asks takes the processor from what answers. */
const NO_WRK =
  'asked by this process, which slows down what it measures: "sudo apt-get install wrk" brings a lighter load';
/** Reads are counted as ever, and never too many. */
const ENVIRONMENT = { READS_PER_MINUTE: '1000000000' };

/** What lists and look-ups take on a database that has grown for years. */
export const api: Benchmark = {
  name: 'api',
  question: 'lists, look-ups and a report on a million attestations of ten thousand rounds',
  run: async ({ isQuick, tell }) => {
    const { size, builders: count, seconds } = isQuick ? QUICK : FULL;
    const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-bench-'));
    const builders = Array.from({ length: count }, makeFastSigner);
    const stand = await openLogStand(dir, builders, ENVIRONMENT);
    try {
      const round = await decideRound(stand, builders);
      const startMs = performance.now();
      await seedRounds(stand.dataSource, size);
      const tookSeconds = (performance.now() - startMs) / 1000;
      const seeded = `${entriesOf(size).toLocaleString('en')} attestations of ${size.rounds.toLocaleString('en')} rounds`;
      tell(`${seeded} were seeded in ${tookSeconds.toFixed(0)} s`);
      // What is appended now has a checkpoint signed over all of it.
      await decideRound(stand, builders, '02'.repeat(20));
      const isByWrk = !isQuick && (await hasWrk());
      if (!isByWrk && !isQuick) tell(NO_WRK);
      const asked = (paths: readonly string[], more: Partial<Load> = {}): Promise<Latency> => {
        const load = { origin: stand.url, paths, seconds, isAnew: false, ...more };
        return isByWrk ? wrkLatency(dir, load) : ownLatency(load);
      };
      const figures: Figure[] = [];
      for (const { what, paths } of await sampledRequests(stand.dataSource)) {
        figures.push(figureOf(what, await asked(paths), LIST_MS));
        figures.push(figureOf(`${what}, made anew`, await asked(paths, { isAnew: true }), LIST_MS));
      }
      const report = `/${ROUTES.rounds}/${round}/report`;
      const alone = await asked([report], { isAnew: true, connections: 1 });
      const what = `report of ${count} builders, made anew`;
      return [...figures, figureOf(what, alone, REPORT_MS)];
    } finally {
      await stand.close();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

function figureOf(what: string, { p50Ms, p99Ms }: Latency, goalMs: number): Figure {
  const [median, worst] = [p50Ms.toFixed(1), p99Ms.toFixed(1)];
  return {
    ...{ what, rate: `${median} ms, p99 ${worst} ms`, ratio: null },
    sentence: `api: ${what}: p50 ${median} ms, p99 ${worst} ms (at most ${goalMs} ms)`,
  };
}
