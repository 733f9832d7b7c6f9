import { join } from 'node:path';
import { rolldown, type OutputChunk } from 'rolldown';
import { absentPackages } from './absent-packages.js';
import { BundleError } from './error.js';
import { licensesOf } from './licenses.js';
import { natsClient } from './nats-client.js';

/** More than this is no longer as light to fetch as a script. */
const LIMIT_BYTES = 10_000_000;

/** The command line and the builder agent in one file, and what has to go with it. */
export interface Bundle {
  readonly code: string;
  readonly licenses: string;
}

/**
 * Makes one file of a checkout's compiled command line and builder agent, with all packages that they
 * need. It depends on `dist/` and `node_modules/` alone: not on where they stand, nor on the time.
 *
 * @param root folder of a checkout that was built
 * @throws BundleError INCOMPLETE, TOO_LARGE, NO_LICENSE; the bundler's own errors
 */
export async function bundle(root: string): Promise<Bundle> {
  const warnings: string[] = [];
  const build = await rolldown({
    input: join(root, 'dist/deploy/bundle/repro-quorum.js'),
    cwd: root,
    platform: 'node',
    tsconfig: false,
    resolve: { symlinks: false },
    plugins: [absentPackages(), natsClient()],
    // The package says that its modules have no side effects; its programs are nothing else.
    treeshake: false,
    onLog: (level, { message }) => {
      if (level === 'warn') warnings.push(message);
    },
  });
  try {
    // One chunk: what is imported dynamically stands in it too, and still runs when it is asked for.
    const { output } = await build.generate({ format: 'esm', codeSplitting: false });
    // Above all: an import that was not found is a warning and stays in the file.
    if (warnings.length > 0) throw new BundleError('INCOMPLETE', warnings.join('\n'));
    return check(output[0], output.length);
  } finally {
    await build.close();
  }
}

function check(chunk: OutputChunk, count: number): Bundle {
  const sizeBytes = Buffer.byteLength(chunk.code);
  if (count !== 1) throw new BundleError('INCOMPLETE', `it came in ${count} files: expected one`);
  if (sizeBytes > LIMIT_BYTES) {
    throw new BundleError('TOO_LARGE', `it has ${sizeBytes} bytes: at most ${LIMIT_BYTES}`);
  }
  return { code: chunk.code, licenses: licensesOf(chunk.moduleIds) };
}
