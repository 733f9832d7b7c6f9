import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import type { CachedDownload } from './cached-fetch.js';

/** Lets a plain Node run the sources: they name their neighbours by the names of the built files. */
const HOOK = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (name, context, next) =>
      next(/^\\..*\\.js$/.test(name) && context.parentURL?.includes('/libs/')
        ? name.replace(/\\.js$/, '.ts') : name, context),
  });`;

const PROGRAM = `
  const [folder, dir, commit, url] = process.argv.slice(1);
  const { openDownloadCache } = await import(folder + '/cache/download-cache.ts');
  const { createAllowList } = await import(folder + '/allow-list.ts');
  const say = (what) => console.log(JSON.stringify(what));
  const cache = await openDownloadCache({ dir, commit });
  say('open');
  if (url === '') setInterval(() => {}, 1000);
  else {
    const allow = createAllowList([new URL(url).origin]);
    say(await cache.fetch({ url, allow }));
    say(process.resourceUsage().maxRSS * 1024);
    await cache.close();
  }`;

/** Another process that has the cache of a commit open. */
export interface OtherProcess {
  /** Settles when it has the cache open. */
  readonly open: Promise<unknown>;
  readonly downloaded: Promise<CachedDownload>;
  /** Largest memory that it had, once it has ended. */
  readonly maxMemoryBytes: Promise<number>;
  /** Ends it as a power cut would, as far as a process can tell. */
  readonly kill: () => Promise<void>;
}

/** Starts a process that opens a cache and fetches a URL, or waits to be killed without one. */
export function startProcess(dir: string, commit: string, url = ''): OtherProcess {
  const child = execa(
    process.execPath,
    [
      ...['--experimental-transform-types', '--disable-warning=ExperimentalWarning'],
      ...['--conditions=source', '--import', `data:text/javascript,${encodeURIComponent(HOOK)}`],
      ...['--input-type=module', '--eval', PROGRAM],
      ...[resolve('libs/icos/src/download'), dir, commit, url],
    ],
    { reject: false, stderr: 'inherit' },
  );
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await child;
  };
  onTestFinished(kill);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the process ended without a word');
    return JSON.parse(value);
  };
  const open = next();
  const downloaded = open.then(next) as Promise<CachedDownload>;
  const maxMemoryBytes = downloaded.then(next) as Promise<number>;
  for (const one of [open, downloaded, maxMemoryBytes]) one.catch(() => undefined);
  return { open, downloaded, maxMemoryBytes, kill };
}
