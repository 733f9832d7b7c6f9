import { describe, expect, test } from 'vitest';
import { WALK_LIMITS } from '#libs/divergence';
import { canonicalJson, type Sha256 } from '#libs/encoding';
import {
  CONTAINER_FORMS,
  MAX_MEMBERS,
  MAX_PAGE_BYTES,
  NODE_KINDS,
  decodePage,
  decodeRoot,
  pageDigest,
} from '#libs/manifest';
import { namedBlocks, read } from './pages.js';

const PAGE = 'docs/manifest.md';
const text = read(PAGE);
const blocks = namedBlocks(PAGE);

/** An example as it travels: canonical, and its digest. */
function sealed(name: string): { digest: Sha256; bytes: Buffer } {
  const page = canonicalJson(JSON.parse(blocks.get(name) ?? ''));
  return { digest: pageDigest(page), bytes: Buffer.from(page) };
}

describe(PAGE, () => {
  test('its root and its bucket are read, and lead from one to the other', () => {
    const [root, bucket] = [sealed('root'), sealed('bucket')];
    const artifact = decodeRoot(root.bytes, root.digest);
    expect(artifact.inside?.members).toBe(bucket.digest);
    expect(decodePage(bucket.bytes, bucket.digest)).toHaveProperty('entries.length', 2);
    for (const { digest } of [root, bucket]) {
      expect(text).toContain(`\`${digest.slice(0, 4)}…${digest.slice(-4)}\``);
    }
  });

  test.each([...NODE_KINDS, ...CONTAINER_FORMS])('names %s', (word) => {
    expect(text).toContain(`\`${word}\``);
  });

  test.each([
    MAX_PAGE_BYTES,
    MAX_MEMBERS,
    WALK_LIMITS.maxDifferences,
    WALK_LIMITS.maxPages,
    `${(WALK_LIMITS.maxBytes / 1024 ** 2).toString()} MiB`,
  ])('says the bound %s', (bound) => {
    expect(text).toContain(bound.toLocaleString('en'));
  });
});
