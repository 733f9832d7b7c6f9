import { z } from 'zod';
import { quote } from '#libs/encoding';
import { AttestationError } from './error.js';
import { ArtifactName } from './release.js';
import { Label, readAs, Sha256Text, type Resource } from './statement.js';
import { INTERMEDIATE } from './type-uri.js';

/** Digests of a file that a build left, from one reading. */
const Found = z.object({
  sha256: Sha256Text,
  /**
   * SHA-256 over `rq-work/v1`, a zero byte, the 32 bytes of the round's id and the file: nobody can
   * make it of the file's digest alone, which is public once an earlier round on the commit is over.
   */
  bound: Sha256Text,
});

/**
 * A file that a build leaves on its way to artifacts and that nobody publishes: its digests show
 * that the way was gone. Null where the build left none, so that a missing one is told and not
 * overlooked.
 */
export const Intermediate = z.object({
  name: Label,
  /** The artifacts that it is on the way to. */
  artifacts: z.array(ArtifactName).min(1).max(16),
  found: Found.nullable(),
});
export type Intermediate = z.infer<typeof Intermediate>;

/** Most intermediates of one result. */
export const MAX_INTERMEDIATES = 32;

/** How a byproduct of the build is marked as one of these. */
const Byproduct = z.object({
  name: Label,
  digest: z.object({ sha256: Sha256Text }).optional(),
  annotations: z.object({
    [INTERMEDIATE]: z.object({
      artifacts: Intermediate.shape.artifacts,
      bound: Sha256Text.optional(),
    }),
  }),
});

/**
 * Writes intermediates as byproducts of the build.
 *
 * They need no proof of possession of each builder's own: they stand in the payload that the builder
 * committed to, which nobody else sees before the round is closed. Who copies them afterwards comes
 * too late for a commit, and who copies the commitment cannot open it, as the payload names its
 * builder. To the next round on the same commit they are no use, as they are bound to this one.
 */
export function intermediateResources(intermediates: readonly Intermediate[]): Resource[] {
  return intermediates.map(({ name, artifacts, found }) => ({
    name,
    ...(found !== null && { digest: { sha256: found.sha256 } }),
    annotations: {
      [INTERMEDIATE]: {
        artifacts: [...artifacts],
        ...(found !== null && { bound: found.bound }),
      },
    },
  }));
}

/** Tells whether a byproduct is one of these. */
export function isIntermediate({ annotations }: Resource): boolean {
  return annotations !== undefined && Object.hasOwn(annotations, INTERMEDIATE);
}

/**
 * Reads the intermediates among the byproducts of a build.
 *
 * @throws AttestationError MALFORMED_STATEMENT also for too many, and for a name that stands twice:
 *   a later digest must not replace an earlier one
 */
export function intermediatesOf(resources: readonly Resource[]): readonly Intermediate[] {
  const found = resources.filter(isIntermediate).map((resource) => {
    const { name, digest, annotations } = readAs(Byproduct, resource, 'an intermediate output');
    const { artifacts, bound } = annotations[INTERMEDIATE];
    if (digest === undefined && bound === undefined) return { name, artifacts, found: null };
    return {
      name,
      artifacts,
      found: readAs(Found, { ...digest, bound }, 'an intermediate output'),
    };
  });
  if (found.length > MAX_INTERMEDIATES) {
    throw new AttestationError(
      'MALFORMED_STATEMENT',
      `${found.length} intermediate outputs: expected ${MAX_INTERMEDIATES} at most`,
    );
  }
  const names = found.map(({ name }) => name);
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated !== undefined) {
    throw new AttestationError(
      'MALFORMED_STATEMENT',
      `intermediate output ${quote(repeated)} stands twice in one statement`,
    );
  }
  return found;
}
