import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteAsker, WalkSide } from '#libs/divergence';
import {
  openArtifact,
  openManifestFile,
  writeManifest,
  type ArtifactReader,
  type WrittenManifest,
} from '#libs/image';
import { CommandError, EXIT } from '../../exit.js';
import { fileTrouble } from '../../file-trouble.js';

/** One of two files: its manifest to walk, and its bytes to ask for. */
export interface Side {
  readonly manifest: WrittenManifest;
  readonly walked: WalkSide;
  /** Opened when it is first asked: most differences are told by manifests alone. */
  readonly bytes: ByteAsker;
  close(): Promise<void>;
}

/**
 * Makes sure that a named file is there and is one, before hours go into the other.
 *
 * @throws CommandError usage
 */
export function requireFile(path: string): void {
  let isFile: boolean;
  try {
    isFile = statSync(path).isFile();
  } catch (cause) {
    throw new CommandError(EXIT.usage, `cannot read ${path}: ${fileTrouble(cause)}`, null, {
      cause,
    });
  }
  if (!isFile) throw new CommandError(EXIT.usage, `${path} is no file`, 'name two image files');
}

/**
 * Makes the manifest of one file in a folder, and opens it.
 *
 * @throws ImageError, ManifestError
 */
export async function openSide(path: string, folder: string, name: string): Promise<Side> {
  const into = join(folder, `${name}.manifest`);
  const manifest = await writeManifest({ path, into, spoolDir: folder });
  const file = await openManifestFile(into);
  let opened: Promise<ArtifactReader> | undefined;
  const reader = (): Promise<ArtifactReader> =>
    (opened ??= openArtifact(path, { spoolDir: folder }));
  return {
    manifest,
    walked: { root: manifest.root, pages: file.pages },
    bytes: {
      chunks: async (location, chunkBytes, first, count) =>
        (await reader()).chunkDigests(location, chunkBytes, first, count),
      bytes: async (location, offset, length) => ({
        bytes: await (await reader()).bytes(location, offset, length),
        // Both files are this user's own: nothing is hidden from them.
        masks: [],
      }),
    },
    close: async () => {
      await file.close();
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
