import { describe, expect, test } from 'vitest';
import { readImageFacts, type EngineName } from './image-facts.js';

const [ONE, TWO] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
const REGISTRY = 'ghcr.io/dfinity/ic-build';
const read = (engine: EngineName, image: unknown) =>
  readImageFacts(engine, JSON.stringify([image]));

describe("an image's digest", () => {
  test('is that of its manifest, as podman tells it', () => {
    const RepoDigests = [`${REGISTRY}@${TWO}`, `${REGISTRY}@${ONE}`];
    expect(read('podman', { Digest: TWO, RepoDigests }).digest).toBe(TWO);
  });

  test('is that of the registry, as docker tells it', () => {
    expect(read('docker', { RepoDigests: [`${REGISTRY}@${ONE}`] }).digest).toBe(ONE);
  });

  test.each([
    {},
    { Digest: 'sha256:1' },
    { RepoDigests: null },
    { RepoDigests: ['no digest'] },
    { Digest: `${ONE}\n` },
  ])('is unknown in %j', (image) => {
    expect(read('podman', image).digest).toBeNull();
  });

  test.each(['', '[]', '{}', 'null', '[1]', '[{}, {}]', '[{"Digest":7}]', '{"Digest":', '\0'])(
    'is unknown in an answer such as %j',
    (text) => {
      expect(readImageFacts('podman', text)).toEqual({ digest: null, origin: null });
    },
  );
});

describe("an image's origin", () => {
  const RepoDigests = [`${REGISTRY}@${ONE}`];
  const RepoTags = [`${REGISTRY}:abc`];
  const built = { 'io.buildah.version': '1.28.2' };

  test.each([
    ['podman', 'pulled', { RepoDigests, RepoTags }],
    ['podman', 'built-locally', { RepoDigests, RepoTags: [...RepoTags, 'localhost/ic-build:abc'] }],
    ['podman', 'built-locally', { RepoDigests, NamesHistory: ['localhost/ic-build:abc'] }],
    ['podman', null, { RepoDigests, RepoTags, Labels: built }],
    ['podman', null, { RepoDigests, RepoTags, Config: { Labels: built } }],
    ['podman', null, { RepoTags }],
    ['docker', 'pulled', { RepoDigests, RepoTags }],
    ['docker', 'built-locally', { RepoDigests: [], RepoTags }],
    ['docker', null, { RepoDigests, RepoTags, Descriptor: { digest: ONE } }],
    ['docker', null, { RepoDigests: [], RepoTags: ['ic-build-bd:0badcafe'] }],
  ] as const)('by %s is %s, of %j', (engine, origin, image) => {
    expect(read(engine, image).origin).toBe(origin);
  });
});
