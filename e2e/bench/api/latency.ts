import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { execa } from 'execa';

/** How many ask at once, each for the next as soon as it has its answer. */
const CONNECTIONS = 8;
/** Has every answer made: whoever names an origin is given none that was kept. */
const ANEW = { origin: 'https://reader.invalid' };

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

/** Whether wrk is there: it takes a tenth of the processor that a load of our own would take from the coordinator. */
export async function hasWrk(): Promise<boolean> {
  return !(await execa('wrk', ['--version'], { reject: false })).failed;
}

/**
 * Asks by wrk (package wrk of Debian, 4.1) on kept connections; every answer has to be good.
 *
 * @param dir - for the script that tells wrk what to ask
 */
export async function wrkLatency(dir: string, load: Load): Promise<Latency> {
  const { origin, paths, seconds, isAnew, connections = CONNECTIONS } = load;
  const script = join(dir, 'load.lua');
  await writeFile(script, luaOf(paths, isAnew ? ANEW : {}));
  const { stdout } = await execa('wrk', [
    ...['--threads', '1', '--connections', String(connections)],
    ...['--duration', `${Math.ceil(seconds)}s`, '--script', script, origin],
  ]);
  const told = /^told ([\d.]+) ([\d.]+) (\d+)$/m.exec(stdout);
  if (told === null || told[3] !== '0')
    throw new Error(`wrk told no figures, or refusals:\n${stdout}`);
  return { p50Ms: Number(told[1]), p99Ms: Number(told[2]) };
}

function luaOf(paths: readonly string[], headers: Readonly<Record<string, string>>): string {
  const lines = [
    `local paths = { ${paths.map((path) => JSON.stringify(path)).join(', ')} }`,
    'local asked = 0',
    ...Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`),
    'request = function() asked = asked + 1; return wrk.format("GET", paths[asked % #paths + 1]) end',
    'done = function(summary, latency) local e = summary.errors',
    '  print(string.format("told %f %f %d", latency:percentile(50) / 1000, latency:percentile(99) / 1000,',
    '    e.connect + e.read + e.write + e.status + e.timeout)) end',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Asks as {@link wrkLatency} does, from this process, for where there is no wrk. The first answer of each
 * connection is not counted; each has at least one more.
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
