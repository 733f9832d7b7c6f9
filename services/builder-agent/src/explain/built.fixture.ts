import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { execa } from 'execa';
import { asSha256 } from '#libs/encoding';
import type { ArtifactName, BuildOutput } from '#libs/icos';

/** Writes a `.tar.zst` with these files, as a build leaves it in its worktree. */
export async function buildArchive(
  folder: string,
  artifact: ArtifactName,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<BuildOutput> {
  const tree = join(folder, 'tree');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
  const { stdout } = await execa('tar', ['--sort=name', '-C', tree, '-cf', '-', '.'], {
    encoding: 'buffer',
  });
  await rm(tree, { recursive: true });
  const file = join(folder, `${artifact.replace('/', '-')}.tar.zst`);
  await writeFile(file, zstdCompressSync(stdout));
  return outputAt(file, artifact);
}

/** Tells of a file as the collecting of outputs does. */
export async function outputAt(file: string, artifact: ArtifactName): Promise<BuildOutput> {
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return {
    ...{ artifact, releasePath: `${artifact}.tar.zst`, file },
    ...{ sha256: asSha256(sha256), sizeBytes: (await stat(file)).size },
  };
}
