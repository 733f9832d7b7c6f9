import { describe, expect, test } from 'vitest';
import { file, files, image, told, walk, type Plan } from './walk.fixture.js';

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
