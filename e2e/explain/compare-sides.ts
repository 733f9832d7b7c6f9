import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { investigate, walkManifests } from '#libs/divergence';
import type { ByteAsker, Comparison, WalkSide } from '#libs/divergence';
import { openArtifact, openManifestFile, writeManifest } from '#libs/image';
import { builtPath } from '../world/artifact.js';
import type { ArtifactName } from '../world/artifact.js';
import { askerOf, pathIn } from './built-side.js';
import type { BuiltSide } from './built-side.js';

/** Compares what two builders got of one artifact, as the coordinator does with two agents. */
export async function compareSides(
  left: BuiltSide,
  right: BuiltSide,
  artifact: ArtifactName,
  scratchDir: string,
): Promise<Comparison> {
  const dir = await mkdtemp(join(scratchDir, 'compared-'));
  const opened: Opened[] = [];
  const keep = (it: Opened): Opened => {
    opened.push(it);
    return it;
  };
  try {
    const one = keep(await open(left, artifact, join(dir, 'left')));
    const other = keep(await open(right, artifact, join(dir, 'right')));
    const { differences } = await walkManifests({ left: one.walk, right: other.walk });
    const findings = await investigate({
      differences,
      left: one.asker,
      right: other.asker,
      context: {
        times: { left: left.span, right: right.span },
        facts: { left: left.facts, right: right.facts },
      },
    });
    const [leftDigest, rightDigest] = [left, right].map(
      ({ built }) => built.artifacts[artifact].digest,
    );
    return { left: leftDigest!, right: rightDigest!, findings };
  } finally {
    await Promise.all(opened.map(({ close }) => close()));
    await rm(dir, { recursive: true, force: true });
  }
}

interface Opened {
  readonly walk: WalkSide;
  readonly asker: ByteAsker;
  readonly close: () => Promise<void>;
}

/** What an agent keeps of an artifact: its manifest, and the file itself. */
async function open(side: BuiltSide, artifact: ArtifactName, dir: string): Promise<Opened> {
  await mkdir(dir);
  const path = pathIn(side, builtPath(artifact));
  const into = join(dir, 'manifest');
  const { root } = await writeManifest({ path, into, spoolDir: dir });
  const manifest = await openManifestFile(into);
  const reader = await openArtifact(path, { spoolDir: dir });
  return {
    walk: { root, pages: manifest.pages },
    asker: askerOf(reader, side.privateValues),
    close: async () => {
      await Promise.all([manifest.close(), reader.close()]);
    },
  };
}
