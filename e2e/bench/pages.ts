import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_BROWSER, openBrowser, type PageBrowser } from '../pages/browser.js';
import { loadFirst, type FirstLoad } from '../pages/first-load.js';
import type { Benchmark, Figure, Setting } from './benchmark.js';
import { openLogStand } from './evidence/log-stand.js';
import { makeFastSigner } from './evidence/signatures.js';
import { median } from './race.js';
import { decideRound } from './serving/decided-round.js';
import { startBare } from './serving/start-bare.js';

const GOAL_MS = 1000;
const FULL = { builders: 20, loads: 15 };
const QUICK = { builders: 3, loads: 1 };

/** What the first load of a round's page takes a reader, beside one that does nothing. */
export const pages: Benchmark = {
  name: 'pages',
  question: "a round's page till it is usable, nothing cached, beside a bare page of as many bytes",
  run: async (setting) => {
    if (NO_BROWSER !== null) {
      setting.tell(`left out: ${NO_BROWSER}`);
      return [];
    }
    const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-bench-'));
    const { builders: count } = setting.isQuick ? QUICK : FULL;
    const builders = Array.from({ length: count }, makeFastSigner);
    const browser = await openBrowser();
    try {
      const stand = await openLogStand(dir, builders);
      try {
        const round = await decideRound(stand, builders);
        return await compare(browser, `${stand.url}/rounds/${round}`, dir, setting);
      } finally {
        await stand.close();
      }
    } finally {
      await browser.close();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function compare(
  browser: PageBrowser,
  url: string,
  dir: string,
  { isQuick, tell }: Setting,
): Promise<readonly Figure[]> {
  const { loads } = isQuick ? QUICK : FULL;
  // Warms up what serves and what draws, and tells how heavy the other one has to be.
  const { bytes } = await loadFirst(browser, url);
  const path = join(dir, 'bare.html');
  await writeFile(path, barePage(bytes));
  const bare = await startBare(dir, path, 'text/html; charset=utf-8');
  const [bareMs, roundMs]: [number[], number[]] = [[], []];
  try {
    await loadFirst(browser, bare.url);
    for (let lap = 1; lap <= loads; lap += 1) {
      const nothing: FirstLoad = await loadFirst(browser, bare.url);
      const round: FirstLoad = await loadFirst(browser, url);
      bareMs.push(nothing.usableMs);
      roundMs.push(round.usableMs);
      tell(`load ${lap}: ${ms(nothing.usableMs)} bare, ${ms(round.usableMs)}`);
    }
  } finally {
    await bare.stop();
  }
  const times = roundMs.map((took, at) => took / (bareMs[at] ?? 0));
  return [
    { what: `bare page, ${bytes} bytes`, rate: ms(median(bareMs)), ratio: 1 },
    {
      what: `a round's page, ${bytes} bytes`,
      rate: ms(median(roundMs)),
      ratio: Number((1 / median(times)).toPrecision(3)),
      sentence: `pages: a round's page is usable after ${ms(median(roundMs))} (at most ${GOAL_MS} ms), ${median(times).toFixed(1)} times as long as a bare page`,
    },
  ];
}

/** A page with a button and as many bytes, of which a browser has nothing to draw or to run. */
function barePage(bytes: number): string {
  const button = '<p class="copy"><button>Copy</button></p>';
  const rest = Math.max(0, Math.ceil(bytes / 2));
  return `<!doctype html><title>bare</title><!--${randomBytes(rest).toString('hex')}-->${button}`;
}

function ms(took: number): string {
  return `${Math.round(took).toLocaleString('en')} ms`;
}
