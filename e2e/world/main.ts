import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setUpShowcase } from './showcase.js';
import { describe, shellExports, signpostsOf } from './signposts.js';
import { startWorld } from './world.js';

const USAGE = `usage: ./run world [--json]

Starts stand-ins for the NNS, its dashboard, two CDN hosts and a git host, publishes a release of
each era and some that are not as they should be, proposes to elect them, and serves until Ctrl-C.
On stdout: environment variables to export; with --json one JSON object on one line. For people, on
stderr: what there is.
`;
const INTERRUPTED = 130;

/** Serves the world of the tests in the foreground, so that everything can be tried by hand. */
async function serve(asJson: boolean): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-world-'));
  // What is still being built may write for a moment after it was told to end.
  const clear = (): Promise<void> => rm(dir, { recursive: true, force: true, maxRetries: 10 });
  let exitCode = INTERRUPTED;
  let stop: () => Promise<void> = clear;
  let ending: Promise<void> | null = null;
  const end = (): void => {
    ending ??= stop().then(() => process.exit(exitCode));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  try {
    const world = await startWorld(join(dir, 'world'));
    stop = () => world.close().then(clear);
    const rootKeyFile = join(dir, 'nns-root-key.der');
    await writeFile(rootKeyFile, world.nns.rootKey);
    say('publishing a release of each era, one whose packages drift, and two that were altered');
    const signposts = signpostsOf(world, await setUpShowcase(world, dir), rootKeyFile);
    process.stderr.write(describe(signposts));
    process.stdout.write(asJson ? `${JSON.stringify(signposts)}\n` : shellExports(signposts));
    say('serving until Ctrl-C');
    // From here on an interruption is how it is meant to end.
    exitCode = 0;
  } catch (error) {
    await stop();
    throw error;
  }
}

function say(text: string): void {
  process.stderr.write(`world: ${text}\n`);
}

try {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help === true) process.stdout.write(USAGE);
  else await serve(values.json === true);
} catch (error) {
  const isUsage =
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  say(error instanceof Error ? error.message : String(error));
  if (isUsage) process.stderr.write(USAGE);
  process.exitCode = isUsage ? 2 : 1;
}
