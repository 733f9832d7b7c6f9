import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { z } from 'zod';
import { hasWrk, runWrk } from '../wrk.js';

const run = promisify(execFile);
const CONNECTIONS = 8;
const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon/autocannon.js');

const Told = z.object({
  requests: z.object({ average: z.number() }),
  errors: z.number(),
  timeouts: z.number(),
  non2xx: z.number(),
});

/** What is asked for over and over. */
export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Asks for `seconds` on 8 connections, from a process of its own; gives answers a second. All of them
 * have to be good. By wrk where it is installed: what asks takes a processor from what answers, and wrk
 * takes least.
 */
export async function answersPerSecond(load: Load, seconds: number): Promise<number> {
  const isByWrk = Number.isInteger(seconds) && (await hasWrk());
  return isByWrk ? byWrk(load, seconds) : byAutocannon(load, seconds);
}

async function byWrk({ url, headers }: Load, seconds: number): Promise<number> {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const stdout = await runWrk(CONNECTIONS, seconds, [...named, url]);
  const rate = /^Requests\/sec:\s+([\d.]+)$/m.exec(stdout)?.[1];
  if (rate === undefined || /^ {2}(?:Non-2xx|Socket errors)/m.test(stdout)) {
    throw new Error(`${url}: wrk told no rate, or refusals:\n${stdout}`);
  }
  return Number(rate);
}

async function byAutocannon({ url, headers }: Load, seconds: number): Promise<number> {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const size = ['-c', `${CONNECTIONS}`, '-d', `${seconds}`];
  const { stdout } = await run(process.execPath, [AUTOCANNON, ...size, '--json', ...named, url]);
  const { requests, errors, timeouts, non2xx } = Told.parse(JSON.parse(stdout));
  if (errors + timeouts + non2xx > 0) {
    throw new Error(`${url}: ${errors} errors, ${timeouts} timeouts, ${non2xx} not 2xx`);
  }
  return requests.average;
}
