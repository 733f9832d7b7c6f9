import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '../../stack/child.js';

const BARE = fileURLToPath(new URL('./bare.js', import.meta.url));

/** A server of one answer, as plain as it gets. */
export interface Bare {
  readonly url: string;
  stop(): Promise<void>;
}

/** Has bare Fastify serve the bytes of one file on every path, from a process of its own. */
export async function startBare(
  dir: string,
  path: string,
  type: string,
  coding: string | null = null,
): Promise<Bare> {
  const child = startChild(
    process.execPath,
    [BARE, path, type, ...(coding === null ? [] : [coding])],
    { logPath: join(dir, 'bare.log'), env: { PATH: process.env['PATH'] } },
  );
  const [, url = ''] = await child.line(/listening on (http:\/\/\S+)/);
  return { url, stop: () => child.stop() };
}
