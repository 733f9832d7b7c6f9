import { z } from 'zod';
import { quote } from '#libs/encoding';
import { AttestationError } from './error.js';
import { quickObject, quickRecord, quickText } from './quick-match.js';
import { Label, quickLabel, Sha256Text } from './statement.js';

/** An artifact name: opaque to the rules; slashes group, nothing else is special. */
export const ArtifactName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/+~-]{0,119}$/);
export const quickArtifactName = quickText(120, /^[A-Za-z0-9][A-Za-z0-9._/+~-]*$/);

/** One artifact of a release, and what should come out for it. */
export const ReleaseArtifact = z.object({
  name: ArtifactName,
  /** Path inside the release: what SHA256SUMS lists and statements name after the release. */
  path: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/+~-]{0,199}$/)
    .refine((path) => !path.split('/').includes('..'), 'must stay inside the release'),
  /** Digest that the proposal, or whoever publishes, names; null where nobody did. */
  expected: Sha256Text.nullable().default(null),
  elected: z.boolean().default(false),
  /** Names of artifacts whose bytes are inside this one. */
  embeds: z.array(ArtifactName).max(16).default([]),
});
export type ReleaseArtifact = z.infer<typeof ReleaseArtifact>;

/** What is to be rebuilt: a name, the digest of its source, and its artifacts. */
export const Release = z
  .object({
    name: Label.regex(/^[A-Za-z0-9][A-Za-z0-9._/+~:-]*$/, 'expected letters, digits and ._/+~:-'),
    source: z.object({
      uri: z.string().max(2000).nullable().default(null),
      digest: z
        .record(z.string().max(40), z.string().regex(/^[0-9a-f]{32,128}$/))
        .refine((digest) => Object.keys(digest).length > 0, 'names no digest'),
    }),
    artifacts: z.array(ReleaseArtifact).max(32),
  })
  .superRefine((release, context) => {
    for (const [at, { path }] of release.artifacts.entries()) {
      // Statements name an artifact by both, as one label.
      if (release.name.length + 1 + path.length > 200) {
        const message = 'release name and path have more than 200 characters together';
        context.addIssue({ code: 'custom', path: ['artifacts', at, 'path'], message });
      }
    }
    for (const field of ['name', 'path'] as const) {
      const values = release.artifacts.map((artifact) => artifact[field]);
      if (new Set(values).size !== values.length) {
        context.addIssue({ code: 'custom', message: `two artifacts share one ${field}` });
      }
    }
  });
export type Release = z.infer<typeof Release>;

/** A release as statements name it: enough to refuse what was built from anything else. */
export const ReleaseRef = z.object({
  name: Label,
  digest: z.record(z.string().max(40), z.string().max(128)),
});
export type ReleaseRef = z.infer<typeof ReleaseRef>;

export const quickReleaseRef = quickObject({
  name: quickLabel,
  digest: quickRecord(quickText(40), quickText(128)),
});

/** Gives the reference that statements about a release carry. */
export function refOf(release: Release): ReleaseRef {
  return { name: release.name, digest: release.source.digest };
}

/** Names an artifact in statements: release, then path. */
export function subjectName(release: Release, artifact: Pick<ReleaseArtifact, 'path'>): string {
  return `${release.name}/${artifact.path}`;
}

/**
 * Refuses a statement about another release. Every digest of the source has to be equal, under the
 * same algorithm names: a statement that names fewer digests is weaker than what is asked.
 *
 * @throws AttestationError WRONG_RELEASE
 */
export function checkRelease(found: ReleaseRef, release: Release): void {
  const wanted = Object.entries(release.source.digest);
  const isSame =
    found.name === release.name && wanted.every(([name, digest]) => found.digest[name] === digest);
  if (!isSame) {
    throw new AttestationError(
      'WRONG_RELEASE',
      `attestation is about release ${sourceOf(found)}, not about ${sourceOf(refOf(release))}`,
    );
  }
}

function sourceOf({ name, digest }: ReleaseRef): string {
  const digests = Object.entries(digest).map(([algorithm, value]) => `${algorithm}:${value}`);
  return `${quote(name)} (${quote(digests.slice(0, 4).join(', '))})`;
}
