import { Agent, request } from 'node:http';

/** How many ask at once, each for the next as soon as it has its answer. */
export const CONNECTIONS = 8;
/** Has every answer made: whoever names an origin is given none that was kept. */
export const ANEW = { origin: 'https://reader.invalid' };

/** How long answers took, in milliseconds. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What is asked, and how. */
export interface Load {
  readonly origin: string;
  /** Asked for in turn. */
  readonly paths: readonly string[];
  readonly seconds: number;
  /** Whether kept answers are left aside. */
  readonly isAnew: boolean;
  /** 8 by default. */
  readonly connections?: number;
}

/**
 * Asks on kept connections from this process, for where there is no wrk; every answer has to be good. The first
 * answer of each connection is not counted; each has at least one more.
 */
export async function ownLatency(load: Load): Promise<Latency> {
  const { origin, paths, seconds, isAnew, connections = CONNECTIONS } = load;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const tookMs: number[] = [];
  const endMs = performance.now() + seconds * 1000;
  let next = 0;
  const ask = async (): Promise<number> => {
    const path = paths[next % paths.length] ?? '/';
    next += 1;
    const startMs = performance.now();
    await get(agent, `${origin}${path}`, isAnew ? ANEW : {});
    return performance.now() - startMs;
  };
  try {
    await Promise.all(
      Array.from({ length: connections }, async () => {
        await ask();
        // One at least, however busy the machine is.
        do tookMs.push(await ask());
        while (performance.now() < endMs);
      }),
    );
  } finally {
    agent.destroy();
  }
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

function get(agent: Agent, url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent, headers }, (response) => {
      response.on('error', reject).on('end', resolve).resume();
      if (response.statusCode === 200) return;
      reject(new Error(`${url} answered ${String(response.statusCode)}`));
    })
      .on('error', reject)
      .end();
  });
}
