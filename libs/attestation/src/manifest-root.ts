import { z } from 'zod';
import { compareText, quote } from '#libs/encoding';
import { AttestationError } from './error.js';
import { quickObject, quickText } from './quick-match.js';
import { ArtifactName, quickArtifactName } from './release.js';
import type { Output } from './result.js';
import { quickSha256, readAs, Sha256Text, type Resource } from './statement.js';
import { MANIFEST } from './type-uri.js';

/** Most manifest roots of one result. */
export const MAX_MANIFEST_ROOTS = 31;

const NAME_PREFIX = 'manifest/';

/** How a byproduct of the build is marked as the root of an artifact's content manifest. */
const Byproduct = z.object({
  name: z.string().max(NAME_PREFIX.length + 120),
  digest: z.object({ sha256: Sha256Text }),
  annotations: z.object({ [MANIFEST]: z.object({ artifact: ArtifactName }) }),
});

const quickByproduct = quickObject({
  name: quickText(NAME_PREFIX.length + 120),
  digest: quickObject({ sha256: quickSha256 }),
  annotations: quickObject({ [MANIFEST]: quickObject({ artifact: quickArtifactName }) }),
});

/**
 * Writes the manifest roots of outputs as byproducts of the build, by ascending artifact. The
 * annotation's type names the version of the form that was hashed: another form is another type,
 * which readers of this one pass over.
 */
export function manifestRootResources(outputs: readonly Output[]): Resource[] {
  return outputs
    .flatMap(({ name, manifest }) => (manifest === undefined ? [] : [{ name, manifest }]))
    .toSorted((a, b) => compareText(a.name, b.name))
    .map(({ name, manifest }) => ({
      name: `${NAME_PREFIX}${name}`,
      digest: { sha256: manifest },
      annotations: { [MANIFEST]: { artifact: name } },
    }));
}

/** Tells whether a byproduct is one of these. */
export function isManifestRoot({ annotations }: Resource): boolean {
  return annotations !== undefined && Object.hasOwn(annotations, MANIFEST);
}

/**
 * Reads the manifest roots among the byproducts of a build, by artifact.
 *
 * @throws AttestationError MALFORMED_STATEMENT also for too many, for an artifact that stands twice
 *   and for one that is not among `artifacts`: a root that speaks of nothing that was built
 */
export function manifestRootsOf(
  resources: readonly Resource[],
  artifacts: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const found = resources.filter(isManifestRoot);
  if (found.length > MAX_MANIFEST_ROOTS) {
    throw malformed(`${found.length} manifest roots: expected ${MAX_MANIFEST_ROOTS} at most`);
  }
  const roots = new Map<string, string>();
  for (const resource of found) {
    const { name, digest, annotations } = readAs(
      Byproduct,
      resource,
      'a manifest root',
      quickByproduct,
    );
    const { artifact } = annotations[MANIFEST];
    // The name repeats the artifact: two that contradict each other would be read in two ways.
    if (name !== `${NAME_PREFIX}${artifact}`) {
      throw malformed(`manifest root ${quote(name)} is told to be of ${quote(artifact)}`);
    }
    if (!artifacts.has(artifact)) {
      throw malformed(`manifest root of ${quote(artifact)}, which is no output of the build`);
    }
    if (roots.has(artifact)) {
      throw malformed(`manifest root of ${quote(artifact)} stands twice in one statement`);
    }
    roots.set(artifact, digest.sha256);
  }
  return roots;
}

function malformed(message: string): AttestationError {
  return new AttestationError('MALFORMED_STATEMENT', message);
}
