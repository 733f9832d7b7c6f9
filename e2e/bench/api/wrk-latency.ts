import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runWrk } from '../wrk.js';
import { ANEW, CONNECTIONS, type Latency, type Load } from './latency.js';

const WARM_UP_SECONDS = 1;

/**
 * Asks by wrk on kept connections; every answer has to be good. A second goes before that is not counted:
 * wrk adds to each slow answer those that would have been asked for meanwhile, and so one page that comes off
 * the disk for the first time would be the hundredth part of all.
 *
 * @param dir - for the script that tells wrk what to ask
 */
export async function wrkLatency(dir: string, load: Load): Promise<Latency> {
  const { origin, paths, seconds, isAnew, connections = CONNECTIONS } = load;
  const script = join(dir, 'load.lua');
  await writeFile(script, luaOf(paths, isAnew ? ANEW : {}));
  const ask = (forSeconds: number): Promise<string> =>
    runWrk(connections, forSeconds, ['--script', script, origin]);
  await ask(WARM_UP_SECONDS);
  const stdout = await ask(Math.ceil(seconds));
  const told = /^told ([\d.]+) ([\d.]+) (\d+)$/m.exec(stdout);
  if (told?.[3] !== '0') throw new Error(`wrk told no figures, or refusals:\n${stdout}`);
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
