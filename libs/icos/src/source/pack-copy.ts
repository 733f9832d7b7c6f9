import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitId } from '#libs/encoding';
import { IcosError } from '../error.js';
import { git, type GitOptions } from './git.js';

const PACKS = 'objects/pack';

/** Copies packs with their indexes from a bare repository into a fresh worktree's repository. */
export async function copyPacks(cacheDir: string, worktreeDir: string): Promise<void> {
  const [from, to] = [join(cacheDir, PACKS), join(worktreeDir, '.git', PACKS)];
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) await copyFile(join(from, name), join(to, name));
}

/** Says of a commit that its parents are not there. */
export async function markShallow(worktreeDir: string, commit: CommitId): Promise<void> {
  await writeFile(join(worktreeDir, '.git/shallow'), `${commit}\n`);
}

/**
 * Proves that copied packs hold what their indexes say: each object is hashed, and the index made
 * of that is the same, byte by byte. May run while git reads them; what was read is proven after.
 *
 * @throws IcosError GIT_FAILED when a pack is damaged, or its index lies
 */
export async function provePacks(worktree: GitOptions): Promise<void> {
  const folder = join(worktree.cwd, '.git', PACKS);
  // Git may put more than an index beside the index.
  const proofs = join(worktree.cwd, '.git/proofs');
  await mkdir(proofs);
  for (const pack of (await readdir(folder)).filter((name) => name.endsWith('.pack'))) {
    const index = pack.replace(/pack$/, 'idx');
    await git(['index-pack', '-o', join(proofs, index), join(folder, pack)], worktree);
    const [told, proven] = await Promise.all([
      readFile(join(folder, index)),
      readFile(join(proofs, index)),
    ]);
    if (!told.equals(proven)) {
      throw new IcosError('GIT_FAILED', `the index of ${pack} names objects that are not in it`);
    }
  }
  await rm(proofs, { recursive: true });
}
