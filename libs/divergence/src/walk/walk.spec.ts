import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageDigest, pagesInMemory, writeRoot, type PageSource } from '#libs/manifest';
import { walkManifests } from '../index.js';
import { file, files, image, manifestOf, told, walk, type Plan } from './walk.fixture.js';

describe('what a walk finds', () => {
  test('equal roots are equal, and nobody is asked', async () => {
    const none: PageSource = () => Promise.reject(new Error('asked'));
    const { root } = manifestOf(image(files(3)));
    const found = await walkManifests({
      left: { root, pages: none },
      right: { root, pages: none },
    });
    expect(found).toMatchObject({ differences: [], untold: 0, truncated: false, questions: 0 });
  });

  test('a node is told with what differs of it, and only that', async () => {
    const found = await walk(
      image({ ...files(100), a: { attributes: { mode: '0644', uid: 0, content: 'x', size: 1 } } }),
      image({ ...files(100), a: { attributes: { mode: '0600', gid: 5, content: 'y', size: 1 } } }),
    );
    expect(found.differences).toEqual([
      {
        location: ['', 'a'],
        kind: 'file',
        aspects: ['content', 'mode', 'owner'],
        left: { mode: '0644', uid: 0, content: 'x' },
        right: { mode: '0600', gid: 5, content: 'y' },
      },
    ]);
    expect(found.consequences).toMatchObject([{ location: [''], aspects: ['content'] }]);
  });

  test('kind, form, and a header are told as such', async () => {
    const found = await walk(
      image({ a: file(), b: image({ c: file() }), d: image({}, { uuid: '1', rest: 'x' }) }),
      image({
        a: { attributes: { mtime: 0, mode: '0644' }, kind: 'symlink' },
        b: { ...image({ c: file() }), form: 'tar' },
        d: image({}, { uuid: '2', rest: 'x' }),
      }),
    );
    expect(told(found)).toEqual(['a file: kind', 'b file: content', 'd ext4: header']);
    expect(found.differences[0]).toMatchObject({
      left: { kind: 'file' },
      right: { kind: 'symlink' },
    });
    expect(found.differences[1]).toMatchObject({
      left: { inside: 'ext4' },
      right: { inside: 'tar' },
    });
  });

  const place = fc.record({
    directory: fc.constantFrom('etc', 'usr/share', 'var/lib/dpkg'),
    number: fc.nat({ max: 90 }),
    nested: fc.constantFrom('', 'boot.img', 'root.img'),
  });
  const change = fc.constantFrom('time', 'mode', 'xattr', 'left', 'right');
  const changes = fc.uniqueArray(fc.record({ place, change }), {
    selector: ({ place: { directory, number, nested } }) =>
      `${nested}>${directory}/${number.toString()}`,
    maxLength: 40,
  });

  test('exactly what was planted is found, in trees within trees', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.nat({ max: 80 }), async (planted, size) => {
        const trees = { left: treeOf(size), right: treeOf(size) };
        for (const { place: at, change: kind } of planted) {
          const path = `${at.directory}/${at.number.toString()}`;
          const member = (side: 'left' | 'right') => trees[side][at.nested]!;
          if (kind === 'left' || kind === 'right') {
            member(kind).set(path, file());
            member(kind === 'left' ? 'right' : 'left').delete(path);
          } else {
            member('left').set(path, file());
            member('right').set(path, {
              attributes: {
                mtime: kind === 'time' ? 7 : 0,
                mode: kind === 'mode' ? '0600' : '0644',
                ...(kind === 'xattr' && { 'xattr.user.a': 'b' }),
              },
            });
          }
        }
        const found = await walk(planOf(trees.left), planOf(trees.right));
        const expected = planted.map(({ place: at, change: kind }) => {
          const path = `${at.directory}/${at.number.toString()}`;
          const aspect = kind === 'left' || kind === 'right' ? 'presence' : kind;
          return `${at.nested === '' ? '' : `${at.nested}>`}${path} file: ${aspect}`;
        });
        expect(told(found).sort()).toEqual(expected.sort());
        expect(found).toMatchObject({ untold: 0, truncated: false });
      }),
      { numRuns: 60 },
    );
  });

  type Tree = Readonly<Record<string, Map<string, Plan>>>;

  function treeOf(size: number): Tree {
    const members = (count: number) => new Map(Object.entries(files(count)));
    return { '': members(size), 'boot.img': members(size), 'root.img': members(size * 2) };
  }

  function planOf(tree: Tree): Plan {
    const plans = (name: string) => Object.fromEntries(tree[name]!);
    const nested = ['boot.img', 'root.img'].map((name) => [name, image(plans(name))] as const);
    return image({ ...plans(''), ...Object.fromEntries(nested) });
  }

  test('one side with nothing, and one with much, are told by their members', async () => {
    const found = await walk(image({}), image(files(200)));
    expect(found.differences).toHaveLength(200);
    expect(found.differences.every(({ left }) => left === null)).toBe(true);
  });
});

describe('what a walk costs', () => {
  const large = files(20_000);
  const changed = { ...large, 'usr/f777': file(9) };

  test('one changed file among many moves a few pages of each side', async () => {
    const found = await walk(image(large), image(changed));
    expect(told(found)).toEqual(['usr/f777 file: time']);
    expect(found.moved.left.pages).toBeLessThanOrEqual(6);
    expect(found.moved.left.bytes + found.moved.right.bytes).toBeLessThan(24 * 1024);
  });

  test('each limit cuts the walk off, and that is said', async () => {
    const left = image({ ...files(4_000), z: image({ a: file() }) });
    const right = image({ ...files(4_000, 'usr/g'), z: image({ a: file(1) }) });
    const few = await walk(left, right, { maxDifferences: 10 });
    expect(few).toMatchObject({ untold: 7_995, truncated: false });
    expect(few.differences).toHaveLength(6);
    expect(told(few)).toContain('z>a file: time');
    for (const limits of [{ maxPages: 40 }, { maxBytes: 50_000 }, { maxPagesPerContainer: 40 }]) {
      const cut = await walk(left, right, limits);
      expect(cut.truncated).toBe(true);
      expect(cut.moved.left.pages).toBeLessThanOrEqual(limits.maxPages ?? 120);
    }
  });
});

describe('a side that does not keep its word', () => {
  const [honest, other] = [image(files(60)), image({ ...files(60), 'usr/f3': file(1) })];

  async function lie(pages: (honest: PageSource) => PageSource): Promise<unknown> {
    const right = manifestOf(other);
    return walkManifests({
      left: manifestOf(honest),
      right: { root: right.root, pages: pages(right.pages) },
    }).catch((error: unknown) => error);
  }

  test.each([
    ['has no page', 'MISSING_PAGE', () => () => Promise.resolve([])],
    ['sends other bytes', 'BAD_PAGE', () => () => Promise.resolve([Buffer.from('{}')])],
    [
      'sends a page that is too large',
      'BAD_PAGE',
      () => () => Promise.resolve([new Uint8Array(2 * 1024 ** 2)]),
    ],
  ] as const)('and %s is named', async (_, code, pages) => {
    expect(await lie(pages)).toMatchObject({ name: 'DivergenceError', code, side: 'right' });
  });

  test('and signed a file at another place than its own is named', async () => {
    const page = '{"entries":[{"attributes":{},"kind":"file","path":"etc/x"}]}';
    const slots = Array.from({ length: 16 }, () => `"${pageDigest(page)}"`).join(',');
    const inner = `{"slots":[${slots}]}`;
    const memory = pagesInMemory();
    for (const each of [page, inner]) memory.sink(pageDigest(each), Buffer.from(each));
    const inside = { form: 'ext4' as const, attributes: {}, count: 40, members: pageDigest(inner) };
    const root = writeRoot({ path: '', kind: 'file', attributes: {}, inside }, memory.sink);
    const right = { root, pages: memory.source };
    await expect(walkManifests({ left: manifestOf(honest), right })).rejects.toMatchObject({
      code: 'BAD_PAGE',
      side: 'right',
    });
  });

  test('and whose readers are of another version is told so', async () => {
    const page = '{"artifact":{"attributes":{},"kind":"file","path":""},"version":2}';
    const memory = pagesInMemory();
    memory.sink(pageDigest(page), Buffer.from(page));
    const left = { root: pageDigest(page), pages: memory.source };
    await expect(walkManifests({ left, right: manifestOf(honest) })).rejects.toMatchObject({
      code: 'OTHER_VERSION',
      side: 'left',
    });
  });
});
