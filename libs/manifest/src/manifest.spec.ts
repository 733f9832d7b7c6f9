import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256, type Sha256 } from '#libs/encoding';
import { MAX_NODE_BYTES, MAX_PAGE_BYTES } from './bounds.js';
import {
  ManifestError,
  MembersWriter,
  NODE_KINDS,
  OrderDigest,
  decodePage,
  decodeRoot,
  pageDigest,
  pagesInMemory,
  trieKey,
  writeRoot,
  type Container,
  type ManifestNode,
} from './index.js';
import { encodeNode } from './page.js';
import { isPrintable } from './printable.js';

const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter(isPrintable);
const attributes = fc.dictionary(
  fc.constantFrom('size', 'mode', 'xattr.user.ä b', 'content', 'xattr.user."', 'mtime'),
  fc.oneof(text, fc.maxSafeInteger()),
);
const container: fc.Arbitrary<Container> = fc.record({
  form: fc.constantFrom('tar' as const, 'ext4' as const),
  attributes,
  count: fc.integer({ min: 1, max: 100 }),
  members: text.map((value) => sha256(value)),
});
const node: fc.Arbitrary<ManifestNode> = fc
  .record({
    path: text,
    kind: fc.constantFrom(...NODE_KINDS),
    attributes,
    inside: fc.option(container, { nil: undefined }),
  })
  .map(({ inside, ...rest }) => (inside === undefined ? rest : { ...rest, inside }));
const set = fc.uniqueArray(node, { selector: ({ path }) => path, maxLength: 120 });

function write(nodes: readonly ManifestNode[]) {
  const memory = pagesInMemory();
  const writer = new MembersWriter(memory.sink);
  for (const each of nodes) writer.add(each);
  return { ...writer.finish(), pages: memory.pages };
}

/** Reads all members by the pages alone, and where each of them lay. */
function read(digest: Sha256 | null, pages: ReadonlyMap<Sha256, Uint8Array>, prefix = '') {
  if (digest === null) return [];
  const page = decodePage(pages.get(digest)!, digest);
  if ('entries' in page) {
    for (const { path } of page.entries) expect(trieKey(path).startsWith(prefix)).toBe(true);
    return [...page.entries];
  }
  return page.slots.flatMap((slot, i): ManifestNode[] =>
    read(slot, pages, prefix + i.toString(16)),
  );
}

const many = Array.from({ length: 300 }, (_, i): ManifestNode => {
  return { path: `etc/file-${i.toString()}`, kind: 'file', attributes: { size: i } };
});

describe('writing', () => {
  test('a node is written as canonical JSON has it', () => {
    fc.assert(
      fc.property(node, (any) => {
        expect(encodeNode(any)).toBe(canonicalJson(any));
      }),
    );
  });

  test('the pages follow from the set, whatever order it came in, and give it back', () => {
    fc.assert(
      fc.property(set, fc.array(fc.nat(), { minLength: 120, maxLength: 120 }), (nodes, keys) => {
        const { members, count, pages } = write(nodes);
        const keyed = nodes.map((each, i) => ({ each, key: keys[i] ?? 0 }));
        const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ each }) => each);
        expect(write(shuffled)).toEqual({ members, count, pages });
        expect(count).toBe(nodes.length);
        const byPath = (a: ManifestNode, b: ManifestNode) => (a.path < b.path ? -1 : 1);
        expect(read(members, pages).sort(byPath)).toEqual([...nodes].sort(byPath));
      }),
    );
  });

  test('32 nodes are one page, and a 33rd makes an inner page above buckets', () => {
    expect(write(many.slice(0, 32)).pages.size).toBe(1);
    expect(write(many.slice(0, 33)).pages.size).toBeGreaterThan(10);
  });

  test('a changed node changes its bucket and the pages above, and no other', () => {
    const before = write(many);
    const changed = many.map((each, i) => (i === 7 ? { ...each, attributes: { size: 99 } } : each));
    const fresh = [...write(changed).pages.keys()].filter((digest) => !before.pages.has(digest));
    expect(fresh.length).toBeLessThanOrEqual(3);
  });

  test.each([2, 40])('a path that comes %i times is refused', (times) => {
    const twice = Array.from({ length: times }, () => many[0]!);
    expect(() => write(twice)).toThrow(expect.objectContaining({ code: 'REPEATED_PATH' }));
  });

  test('a node of too many bytes is refused, so that no page is larger than a message', () => {
    const large = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`xattr.user.n${i.toString()}`, 'x'.repeat(200)]),
    );
    expect(() => write([{ path: 'a', kind: 'file', attributes: large }])).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    );
    expect(MAX_PAGE_BYTES).toBeGreaterThan(32 * MAX_NODE_BYTES);
    expect((MAX_PAGE_BYTES * 4) / 3).toBeLessThan(1024 ** 2);
  });

  test.each([
    { path: 'a\u0007' },
    { path: '\ud800' },
    { path: 'right\u202eleft' },
    { kind: 'door' },
    { attributes: { size: 0.5 } },
    { attributes: { Size: 1 } },
    { attributes: { target: null } },
    { attributes: { target: 'a\nb' } },
    { inside: { form: 'tar', attributes: {}, count: 1, members: null } },
    { inside: { form: 'zip', attributes: {}, count: 0, members: null } },
    { inside: { form: 'tar', attributes: {}, count: 0, members: sha256('') } },
    { inside: { form: 'tar', attributes: {}, count: -1, members: sha256('') } },
    { more: true },
  ])('%j in a node is refused', (part) => {
    const odd = { path: 'a', kind: 'file', attributes: {}, ...part } as unknown as ManifestNode;
    expect(() => write([odd])).toThrow(expect.objectContaining({ code: 'BAD_NODE' }));
  });
});

describe('reading what anybody may have sent', () => {
  const isRefusal = (error: unknown): boolean =>
    error instanceof ManifestError && ['MALFORMED_PAGE', 'BAD_NODE'].includes(error.code);
  const decodeText = (page: string) => decodePage(Buffer.from(page), pageDigest(page));
  const entry = '{"attributes":{},"kind":"file","path":"a"}';

  test('bytes of another digest are refused', () => {
    const [digest, bytes] = [...write(many).pages][0]!;
    expect(decodePage(bytes, digest)).toHaveProperty('entries');
    expect(() => decodePage(bytes, sha256('other'))).toThrow(
      expect.objectContaining({ code: 'WRONG_DIGEST' }),
    );
  });

  test.each([
    '',
    'null',
    '[]',
    '{}',
    '{"entries":[]}',
    '{"entries":[null]}',
    `{"entries":[${entry}] }`,
    `{"entries":[${entry}],"slots":[]}`,
    `{"entries":[${entry},${entry}]}`,
    `{"entries":[{"attributes":{},"kind":"file","path":"b"},${entry}]}`,
    '{"entries":[{"kind":"file","attributes":{},"path":"a"}]}',
    '{"entries":[{"attributes":{},"kind":"file","path":"a","path":"a"}]}',
    '{"entries":[{"attributes":{"size":1,"size":2},"kind":"file","path":"a"}]}',
    '{"entries":[{"attributes":{"size":-0},"kind":"file","path":"a"}]}',
    '{"entries":[{"attributes":{"size":1e3},"kind":"file","path":"a"}]}',
    '{"entries":[{"attributes":{"__proto__":1},"kind":"file","path":"a"}]}',
    '{"entries":[{"attributes":{},"kind":"file","path":"\\u0061"}]}',
    '{"slots":[]}',
    `{"slots":[${Array.from({ length: 16 }, () => 'null').join(',')}]}`,
    `{"slots":[${Array.from({ length: 16 }, () => '"ab"').join(',')}]}`,
    '['.repeat(500_000),
    '{"entries":['.repeat(40_000),
  ])('a page %# of other than canonical form is refused', (page) => {
    expect(() => decodeText(page)).toThrow(expect.toSatisfy(isRefusal));
  });

  test('a page of 33 entries, or too many bytes, is refused', () => {
    const entries = many.slice(0, 33).map((each) => encodeNode(each));
    expect(() => decodeText(`{"entries":[${entries.sort().join(',')}]}`)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_PAGE' }),
    );
    expect(() => decodeText(' '.repeat(MAX_PAGE_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    );
  });

  test('any bytes end in a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => decodePage(bytes, pageDigest(bytes))).toThrow(
          expect.objectContaining({ name: 'ManifestError' }),
        );
      }),
    );
  });
});

describe('the root', () => {
  const artifact: ManifestNode = { path: '', kind: 'file', attributes: { size: 3 } };

  test('is the artifact and a version', () => {
    const { pages, sink } = pagesInMemory();
    const root = writeRoot(artifact, sink);
    expect(decodeRoot(pages.get(root)!, root)).toEqual(artifact);
  });

  test('of another version is told as such', () => {
    const page = '{"artifact":{"attributes":{},"kind":"file","path":""},"version":2}';
    expect(() => decodeRoot(Buffer.from(page), pageDigest(page))).toThrow(
      expect.objectContaining({ code: 'OTHER_VERSION' }),
    );
  });

  test.each([
    '{}',
    '{"version":1}',
    '{"artifact":{"attributes":{},"kind":"file","path":"x"},"version":1}',
  ])('%s is none', (page) => {
    expect(() => decodeRoot(Buffer.from(page), pageDigest(page))).toThrow(
      expect.objectContaining({ code: 'MALFORMED_PAGE' }),
    );
  });

  test('is the known one for a known artifact', () => {
    const { pages, sink } = pagesInMemory();
    const members = new MembersWriter(sink);
    members.add({ path: 'VERSION.TXT', kind: 'file', attributes: { size: 6, mode: '0644' } });
    members.add({ path: 'root.img', kind: 'file', attributes: { size: 4096, mode: '0644' } });
    const inside = { form: 'tar' as const, attributes: { order: 'sorted' }, ...members.finish() };
    const root = writeRoot({ ...artifact, inside }, sink);
    expect([...pages.values()].map((bytes) => Buffer.from(bytes).toString())).toEqual([
      '{"entries":[{"attributes":{"mode":"0644","size":6},"kind":"file","path":"VERSION.TXT"},{"attributes":{"mode":"0644","size":4096},"kind":"file","path":"root.img"}]}',
      `{"artifact":{"attributes":{"size":3},"inside":{"attributes":{"order":"sorted"},"count":2,"form":"tar","members":"${inside.members!}"},"kind":"file","path":""},"version":1}`,
    ]);
    expect([inside.members, root]).toEqual([
      '8680cb74b44388e0fc0ecec5bddb53d75decfa686603d650a9b57fa9c0861fd5',
      '73859722beeb73fe4da613e41490e461452b18e9ca7203092c5f353c0805896d',
    ]);
  });
});

describe('the order of members', () => {
  const orderOf = (names: readonly string[]) => {
    const order = new OrderDigest();
    for (const name of names) order.add(name);
    return order.value();
  };

  test('is one word where they stand by their bytes, however many they are', () => {
    expect(orderOf([])).toBe('sorted');
    expect(orderOf(['Z', 'a', 'ä'])).toBe('sorted');
  });

  test('is a digest of its own for each other order', () => {
    const orders = [
      ['b', 'a'],
      ['a', 'a'],
      ['c', 'b', 'a'],
      ['c', 'a', 'b'],
      ['cb', 'a'],
    ];
    expect(new Set(orders.map(orderOf)).size).toBe(orders.length);
  });
});
