import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256, type Sha256 } from '#libs/encoding';
import {
  MembersWriter,
  pageDigest,
  pagesInMemory,
  writeRoot,
  type Attributes,
  type ManifestNode,
  type PageSource,
} from '#libs/manifest';
import { walkManifests, type Walk, type WalkLimits } from '../index.js';

/** An artifact as a test writes it: members by path, a tree where one holds others. */
interface Plan {
  readonly attributes: Attributes;
  readonly kind?: ManifestNode['kind'];
  readonly members?: Readonly<Record<string, Plan>>;
  readonly header?: Attributes;
  readonly form?: 'ext4' | 'tar' | 'zstd';
}

/** Writes a plan as a manifest. What holds members has a digest of them as its content. */
function manifestOf(plan: Plan) {
  const memory = pagesInMemory();
  const root = writeRoot(nodeOf('', plan, memory.sink), memory.sink);
  let asked = 0;
  const source: PageSource = (digests) => {
    asked += digests.length;
    return memory.source(digests);
  };
  return { root, pages: source, memory, asked: () => asked };
}

function nodeOf(
  path: string,
  { attributes, kind, members, header, form }: Plan,
  sink: (digest: Sha256, bytes: Uint8Array) => void,
): ManifestNode {
  if (members === undefined) return { path, kind: kind ?? 'file', attributes };
  const writer = new MembersWriter(sink);
  for (const [name, plan] of Object.entries(members)) writer.add(nodeOf(name, plan, sink));
  const inside = { form: form ?? 'ext4', attributes: header ?? {}, ...writer.finish() };
  const content = sha256(JSON.stringify([inside, attributes]));
  return { path, kind: 'file', attributes: { content, ...attributes }, inside };
}

const walk = (left: Plan, right: Plan, limits: Partial<WalkLimits> = {}): Promise<Walk> =>
  walkManifests({ left: manifestOf(left), right: manifestOf(right), limits });

/** What was told, in short: `a/b: time`. */
const told = ({ differences }: Walk): string[] =>
  differences.map(
    ({ location, aspects, kind }) => `${location.slice(1).join('>')} ${kind}: ${aspects.join('+')}`,
  );

const file = (mtime = 0): Plan => ({ attributes: { mtime, mode: '0644' } });
const image = (members: Readonly<Record<string, Plan>>, header: Attributes = {}): Plan => ({
  attributes: {},
  members,
  header,
});
const files = (count: number, prefix = 'usr/f'): Record<string, Plan> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i.toString()}`, file()]));

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

describe('what merely follows', () => {
  test('streams, sizes and digests of what holds the difference are told apart', async () => {
    const update = (mtime: number): Plan => ({
      attributes: { size: 100 + mtime },
      form: 'zstd',
      header: { stream: mtime.toString(), window: 1, checksum: 'yes' },
      members: {
        '': {
          attributes: { size: 200 + mtime },
          form: 'tar',
          header: { order: 'sorted' },
          members: { 'root.img': image({ ...files(3), 'etc/x': file(mtime) }) },
        },
      },
    });
    const found = await walk(update(1), update(2));
    expect(told(found)).toEqual(['>root.img>etc/x file: time']);
    expect(found.consequences.map(({ kind, aspects }) => [kind, ...aspects])).toEqual([
      ['file', 'content', 'size'],
      ['zstd', 'content'],
      ['file', 'content', 'size'],
      ['file', 'content'],
    ]);
  });

  test('equal contents with another stream are a difference of the compression alone', async () => {
    const update = (stream: string): Plan => ({
      attributes: { size: stream.length },
      form: 'zstd',
      header: { stream },
      members: { '': file() },
    });
    expect(told(await walk(update('a'), update('bb')))).toEqual([' zstd: content']);
  });

  const ordered = (order: string, members: Record<string, Plan>): Plan => image(members, { order });

  test.each([
    ['names of which one is missing', 'x', 'y', { more: file() }, ['more file: presence']],
    ['the same names', 'x', 'y', {}, [' ext4: order']],
    ['a sorted side', 'sorted', 'y', { more: file() }, [' ext4: order', 'more file: presence']],
  ] as const)('another order of %s is told rightly', async (_, left, right, more, expected) => {
    const found = await walk(ordered(left, files(3)), ordered(right, { ...files(3), ...more }));
    expect(told(found)).toEqual(expected);
  });

  test('a directory is not told for what its members bring with them', async () => {
    const directory = (links: number, mode = '0755'): Plan => ({
      kind: 'directory',
      attributes: { links, size: 4096 * links, order: links.toString(), mode },
    });
    const with2 = { etc: directory(2), usr: directory(2), 'usr/a': file() };
    const with3 = {
      etc: directory(3),
      usr: directory(3, '0700'),
      'usr/a': file(),
      'usr/b': file(),
    };
    expect(told(await walk(image(with2), image(with3)))).toEqual([
      'etc directory: size+order+header',
      'usr directory: mode',
      'usr/b file: presence',
    ]);
  });

  test('where members lie follows from how large they are, and holes from contents', async () => {
    const disk = (size: number, layout: string): Plan =>
      image({ a: { attributes: { size, content: size.toString(), holes: layout } } }, { layout });
    expect(told(await walk(disk(1, 'x'), disk(2, 'y')))).toEqual(['a file: content+size']);
    expect(told(await walk(disk(1, 'x'), disk(1, 'y')))).toEqual([
      ' ext4: layout',
      'a file: holes',
    ]);
    const archive = (trailing: number, members: Record<string, Plan>): Plan =>
      image(members, { trailing });
    expect(told(await walk(archive(1, {}), archive(2, { a: file() })))).toEqual([
      'a file: presence',
    ]);
    expect(told(await walk(archive(1, {}), archive(2, {})))).toEqual([' ext4: rest']);
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
