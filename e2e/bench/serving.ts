import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROUTES } from '#libs/contracts';
import { startChild } from '../stack/child.js';
import type { Benchmark, Figure, Setting } from './benchmark.js';
import { openLogStand } from './evidence/log-stand.js';
import { makeFastSigner } from './evidence/signatures.js';
import { median } from './race.js';
import { decideRound } from './serving/decided-round.js';
import { answersPerSecond, type Load } from './serving/load.js';

const GOAL = 0.7;
const FULL = { builders: 20, seconds: 2, laps: 10 };
const QUICK = { builders: 3, seconds: 1, laps: 1 };
const BARE = fileURLToPath(new URL('./serving/bare.js', import.meta.url));
/** Reads are counted as ever, and never too many. */
const ENVIRONMENT = { READS_PER_MINUTE: '1000000000' };

/** What a kept answer costs, beside the same bytes served by Fastify and nothing else. */
export const serving: Benchmark = {
  name: 'serving',
  question: 'kept answers of a coordinator beside bare Fastify serving the same bytes',
  run: async (setting) => {
    const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-bench-'));
    const { builders: count } = setting.isQuick ? QUICK : FULL;
    const builders = Array.from({ length: count }, makeFastSigner);
    const stand = await openLogStand(dir, builders, ENVIRONMENT);
    try {
      const round = await decideRound(stand, builders);
      const report = `${stand.url}/${ROUTES.rounds}/${round}/report`;
      const loads: readonly [string, Load][] = [
        ['report', { url: report, headers: {} }],
        ['report, zstd', { url: report, headers: { 'accept-encoding': 'zstd' } }],
        ['tile', { url: `${stand.url}/${ROUTES.log}/tile/0/000.p/1`, headers: {} }],
      ];
      const figures: Figure[] = [];
      for (const [what, load] of loads) {
        figures.push(...(await compare(what, load, dir, setting)));
      }
      return figures;
    } finally {
      await stand.close();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function compare(
  what: string,
  load: Load,
  dir: string,
  { isQuick, tell }: Setting,
): Promise<readonly Figure[]> {
  const { seconds, laps } = isQuick ? QUICK : FULL;
  const { bytes, type, coding } = await answerOf(load);
  const path = join(dir, 'answer');
  await writeFile(path, bytes);
  const bare = startChild(
    process.execPath,
    [BARE, path, type, ...(coding === null ? [] : [coding])],
    { logPath: join(dir, 'bare.log'), env: { PATH: process.env['PATH'] } },
  );
  const rates = { bare: [] as number[], kept: [] as number[] };
  try {
    const [, url = ''] = await bare.line(/listening on (http:\/\/\S+)/);
    const same = { url: `${url}${new URL(load.url).pathname}`, headers: load.headers };
    // The first lap warms up.
    for (let lap = 0; lap <= laps; lap += 1) {
      // Bare, kept, kept, bare: what slows the machine down for a while falls on both.
      const first = lap % 2 === 0 ? same : load;
      const second = first === same ? load : same;
      const inTurn = [
        await answersPerSecond(first, seconds),
        await answersPerSecond(second, seconds),
      ];
      const both = first === same ? inTurn : inTurn.toReversed();
      if (lap === 0) continue;
      rates.bare.push(both[0] ?? 0);
      rates.kept.push(both[1] ?? 0);
      tell(`${what}, lap ${lap}: ${both.map((rate) => rate.toFixed(0)).join('/s bare, ')}/s`);
    }
  } finally {
    await bare.stop();
  }
  const ratios = rates.kept.map((rate, at) => rate / (rates.bare[at] ?? 0));
  const ratio = Number(median(ratios).toPrecision(3));
  const rate = (each: readonly number[]): string =>
    `${Math.round(median(each)).toLocaleString('en')} answers/s`;
  return [
    { what: `bare Fastify, ${what}, ${bytes.length} bytes`, rate: rate(rates.bare), ratio: 1 },
    {
      ...{ what: `${what}, kept`, rate: rate(rates.kept), ratio },
      sentence: `serving: ${what} goes out at ${ratio.toFixed(2)} of bare Fastify (at least ${GOAL})`,
    },
  ];
}

/** An answer as it goes over the wire. */
function answerOf({ url, headers }: Load): Promise<{
  readonly bytes: Buffer;
  readonly type: string;
  readonly coding: string | null;
}> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { 'content-type': type = '', 'content-encoding': coding = null } = response.headers;
        resolve({ bytes: Buffer.concat(chunks), type, coding });
      });
    })
      .on('error', reject)
      .end();
  });
}
