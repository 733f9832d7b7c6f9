import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { asCommitId, type CommitId } from '#libs/encoding';
import { git, GIT_ENVIRONMENT } from '../../world/git.js';
import type { TreeFile } from '../../world/ic-mini/fast-import.js';
import { historyStream } from './history.js';
import type { Scale } from './scale.js';

/** A repository with a long history, whose last commit is a release. */
export interface GeneratedRepository {
  /** A bare repository. */
  readonly gitDir: string;
  readonly commit: CommitId;
  readonly objects: number;
  readonly packedBytes: number;
}

const SETTINGS = ['core.compression=1', 'fastimport.unpackLimit=1'].flatMap((item) => ['-c', item]);

/**
 * Generates a repository; `extra` files are in every commit. It is packed with a bitmap, as a host
 * keeps what many clone: a full clone costs the server little.
 *
 * @throws Error when the pack is smaller than the scale demands
 */
export async function generateRepository(
  gitDir: string,
  scale: Scale,
  extra: readonly TreeFile[],
): Promise<GeneratedRepository> {
  await git(['init', '--quiet', '--bare', '--initial-branch=master', gitDir]);
  await execa('git', ['-C', gitDir, ...SETTINGS, 'fast-import', '--quiet'], {
    env: GIT_ENVIRONMENT,
    input: Readable.from(historyStream(scale, extra)),
  });
  const run = async (...args: string[]): Promise<string> =>
    git(['-C', gitDir, ...SETTINGS, ...args]);
  // The import has found its deltas; a second search among noise would find no more.
  await run('repack', '-a', '-d', '-b', '--quiet', '--window=0');
  await run('commit-graph', 'write', '--reachable');
  const packedBytes = await sizeOfPacks(join(gitDir, 'objects/pack'));
  if (packedBytes < scale.packedBytes) {
    throw new Error(`the repository has ${packedBytes} bytes, not ${scale.packedBytes}`);
  }
  const [, objects = ''] = /^in-pack: (\d+)$/m.exec(await run('count-objects', '-v')) ?? [];
  const commit = asCommitId(await run('rev-parse', 'refs/heads/master'));
  return { gitDir, commit, objects: Number(objects), packedBytes };
}

async function sizeOfPacks(dir: string): Promise<number> {
  const packs = (await readdir(dir)).filter((name) => name.endsWith('.pack'));
  const sizes = await Promise.all(packs.map(async (name) => (await stat(join(dir, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
