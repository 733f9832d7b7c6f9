import { z } from 'zod';

/** A container engine's program. */
export type EngineName = 'podman' | 'docker';

/** Where a container's image came from, as far as the engine tells. */
export type ImageOrigin = 'pulled' | 'built-locally';

/** An image as its engine knows it. */
export interface ImageFacts {
  /** `sha256:<hex>` of the image's manifest. */
  readonly digest: string | null;
  readonly origin: ImageOrigin | null;
}

const Names = z.array(z.string()).nullish();
const Labels = z.record(z.string(), z.unknown()).nullish();
const Images = z.tuple([
  z.object({
    Digest: z.string().optional(),
    RepoDigests: Names,
    RepoTags: Names,
    NamesHistory: Names,
    Labels,
    Config: z.object({ Labels }).nullish(),
    Descriptor: z.unknown().optional(),
  }),
]);

/**
 * Reads what `podman image inspect` or `docker image inspect` prints of one image; nulls for what
 * is not certain, and for a text that is neither.
 *
 * Source: podman-image-inspect(1); Docker Engine API, ImageInspect
 */
export function readImageFacts(engine: EngineName, text: string): ImageFacts {
  const image = parse(text);
  if (image === null) return { digest: null, origin: null };
  const named = (image.RepoDigests ?? []).map((name) => name.slice(name.lastIndexOf('@') + 1));
  const digest = [image.Digest, ...named.toSorted()].find(
    (one) => one !== undefined && /^sha256:[0-9a-f]{64}$/.test(one),
  );
  return { digest: digest ?? null, origin: originOf(engine, image) };
}

/**
 * Podman names what it builds `localhost/…`, besides the registry's name that the release's script
 * gives it too, and marks it with a label of buildah; but a registry's image may carry that label.
 * Docker without containerd's store knows digests of a registry only; with it, every image has one.
 *
 * Source: dfinity/ic ci/container/build-image.sh, gitlab-ci/tools/docker-build-ic
 */
function originOf(engine: EngineName, image: Image): ImageOrigin | null {
  const digests = image.RepoDigests ?? [];
  const names = [...digests, ...(image.RepoTags ?? []), ...(image.NamesHistory ?? [])];
  if (names.some((name) => name.startsWith('localhost/'))) return 'built-locally';
  if (engine === 'docker') {
    if (image.Descriptor !== undefined && image.Descriptor !== null) return null;
    // The oldest script wraps the image that it pulled in one that holds the source as well.
    if (names.some((name) => name.startsWith('ic-build-bd:'))) return null;
    return digests.length > 0 ? 'pulled' : 'built-locally';
  }
  const labels = { ...image.Labels, ...image.Config?.Labels };
  return digests.length > 0 && labels['io.buildah.version'] === undefined ? 'pulled' : null;
}

type Image = z.infer<typeof Images>[0];

function parse(text: string): Image | null {
  try {
    return Images.parse(JSON.parse(text))[0];
  } catch {
    return null;
  }
}
