import { once } from 'node:events';
import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../../world/project-root.js';

/** A host that publishes the files below a folder. */
export interface FileServer {
  /** Base URL without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a host on a free port. Unlike the world's CDN it has no faults to plan and costs next to
 * nothing, so that what is measured is the way and not its server.
 *
 * @throws Error when it does not start
 */
export async function startFileServer(root: string): Promise<FileServer> {
  const program = join(projectRoot(), 'e2e/bench/verify/file-server.py');
  const server = execa('python3', [program, root], {
    stdin: 'ignore',
    stderr: 'inherit',
    buffer: false,
    reject: false,
  });
  const [port] = (await Promise.race([once(server.stdout, 'data'), server.then(() => [])])) as [
    Buffer?,
  ];
  if (port === undefined) throw new Error('the file server ended before it told its port');
  return {
    url: `http://127.0.0.1:${port.toString().trim()}`,
    close: async () => {
      server.kill();
      await server;
    },
  };
}
