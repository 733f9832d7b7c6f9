import { Agent, request } from 'node:http';

const CONNECTIONS = 8;

/** How long answers took, in milliseconds. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly answers: number;
}

/**
 * Asks for paths in turn on kept connections, for as long as is said; every answer has to be good. The
 * first answer of each connection is not counted; each has at least one more.
 */
export async function latencyOf(
  origin: string,
  paths: readonly string[],
  { seconds, connections = CONNECTIONS }: { seconds: number; connections?: number },
): Promise<Latency> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const tookMs: number[] = [];
  const endMs = performance.now() + seconds * 1000;
  let next = 0;
  const ask = async (): Promise<number> => {
    const path = paths[next % paths.length] ?? '/';
    next += 1;
    const startMs = performance.now();
    await get(agent, `${origin}${path}`);
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
  return { p50Ms: at(0.5), p99Ms: at(0.99), answers: sorted.length };
}

function get(agent: Agent, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      response.on('error', reject).on('end', resolve).resume();
      if (response.statusCode === 200) return;
      reject(new Error(`${url} answered ${String(response.statusCode)}`));
    })
      .on('error', reject)
      .end();
  });
}
