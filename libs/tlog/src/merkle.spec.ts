import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#libs/encoding';
import { EMPTY_ROOT, hashChildren, hashLeaf, rootOf } from './index.js';

// Source: certificate-transparency's reference tree of eight entries (RFC 6962 hashing).
const entries = ['', '00', '10', '2021', '3031', '40414243'].map(fromHex);

describe('a tree', () => {
  test.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ])('of %i known entries has the known root', (count, root) => {
    expect(toHex(rootOf(entries.slice(0, count).map(hashLeaf)))).toBe(root);
  });

  test('without leaves has the digest of nothing as its root', () => {
    expect(rootOf([])).toEqual(EMPTY_ROOT);
  });

  test('two hashes logged as an entry do not hash as their parent', () => {
    const [a, b] = [hashLeaf(Uint8Array.of(1)), hashLeaf(Uint8Array.of(2))];
    expect(hashLeaf(Buffer.concat([a, b]))).not.toEqual(hashChildren(a, b));
  });

  test.each([0, 31, 33, 64])('a child of %i bytes is refused', (length) => {
    const good = hashLeaf(Uint8Array.of());
    const bad = new Uint8Array(length);
    for (const run of [
      () => hashChildren(bad, good),
      () => hashChildren(good, bad),
      () => rootOf([bad]),
    ]) {
      expect(run).toThrow(expect.objectContaining({ code: 'MALFORMED_HASH' }));
    }
  });
});
