import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitId } from '#libs/encoding';
import { IcosError } from '../error.js';
import { git, type GitOptions } from './git.js';

const PACKS = 'objects/pack';
const PROOF = '.git/proof.idx';

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
  const proof = join(worktree.cwd, PROOF);
  for (const name of await readdir(folder)) {
    const [, stem] = /^(.*)\.pack$/.exec(name) ?? [];
    if (stem === undefined) continue;
    await git(['index-pack', '-o', proof, join(folder, name)], worktree);
    const [told, proven] = await Promise.all([
      readFile(join(folder, `${stem}.idx`)),
      readFile(proof),
    ]);
    await rm(proof);
    if (!told.equals(proven)) {
      throw new IcosError('GIT_FAILED', `the index of ${name} names objects that are not in it`);
    }
  }
}
