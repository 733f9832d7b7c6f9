import { digestsOf, investigate, walkManifests } from '#libs/divergence';
import { mayMoveCursor, printData, printJson, say } from '../../terminal.js';
import type { ExplainOptions } from '../explain-options.js';
import { ArtifactOutput } from './artifact-output.js';
import { artifactText } from './artifact-text.js';
import { diffoscopeOf } from './diffoscope.js';
import { openSide, requireFile, type Side } from './side.js';
import { tempFolder } from './temp-folder.js';

/**
 * Takes two files apart, finds what differs in them and what kind of thing each difference is, and
 * prints it.
 *
 * @throws CommandError usage; ImageError, DivergenceError
 */
export async function explainArtifacts(
  files: readonly [left: string, right: string],
  options: ExplainOptions,
): Promise<void> {
  for (const file of files) requireFile(file);
  const folder = tempFolder(options.tempDir);
  try {
    const output = await compare(files, folder.path, options.diffoscope);
    if (options.json === true) printJson(output);
    else printData(artifactText(output));
  } finally {
    folder.remove();
  }
}

async function compare(
  [leftFile, rightFile]: readonly [string, string],
  folder: string,
  asks: boolean,
): Promise<ArtifactOutput> {
  const sides: Side[] = [];
  try {
    const left = await open(leftFile, folder, 'left', sides);
    const right = await open(rightFile, folder, 'right', sides);
    const walk = await walkManifests({ left: left.walked, right: right.walked });
    const findings = await investigate({
      differences: walk.differences,
      left: left.bytes,
      right: right.bytes,
      context: { digests: digestsOf(walk) },
    });
    return ArtifactOutput.parse({
      left: told(leftFile, left),
      right: told(rightFile, right),
      isSame: left.manifest.sha256 === right.manifest.sha256,
      findings,
      untold: walk.untold,
      truncated: walk.truncated,
      diffoscope: asks ? await diffoscopeOf(findings, left, right, folder) : [],
    });
  } finally {
    for (const side of sides) await side.close();
  }
}

async function open(file: string, folder: string, name: string, sides: Side[]): Promise<Side> {
  if (mayMoveCursor(process.stderr)) say(`taking ${file} apart`);
  const side = await openSide(file, folder, name);
  sides.push(side);
  return side;
}

function told(file: string, { manifest }: Side): ArtifactOutput['left'] {
  const { sha256, sizeBytes, root, nodes } = manifest;
  return { file, sha256, sizeBytes, manifest: root, nodes };
}
