import { describe, expect, test } from 'vitest';
import { kinshipOf, parseMountTable, placeOf, type Mount } from './mount-table.js';

const HOST = [
  '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
  '30 22 0:25 /@builds /var/builds rw - btrfs /dev/sdb1 rw,subvolid=257,subvol=/@builds',
  '31 30 0:40 / /var/builds/deep rw master:1 propagate_from:2 - tmpfs tmpfs rw,size=1024k',
  '32 22 8:1 /srv/a\\040b /mnt/with\\040space\\012line rw - ext4 /dev/sda1 rw',
].join('\n');
const mounts = parseMountTable(HOST);

describe('a table of mounts', () => {
  test('tells device, what is mounted, and where; names may hold anything', () => {
    expect(mounts).toHaveLength(4);
    expect(mounts[3]).toMatchObject({
      device: '8:1',
      root: '/srv/a b',
      point: '/mnt/with space\nline',
      filesystem: 'ext4',
    });
  });

  test.each([
    '',
    '\n\n',
    '22 1 8:1 / / rw,relatime',
    '22 1 8:1 / / rw,relatime shared:1 -',
    '22 1 8:1 / / rw,relatime - ext4',
    'a\0b \u{1f4a9}',
  ])('leaves out a line that was cut off: %j', (text) => {
    expect(parseMountTable(text)).toEqual([]);
  });

  test.each([
    ['/home/ada/ic', { device: '8:1', path: '/home/ada/ic' }],
    ['/var/builds/7/ic', { device: '0:25', path: '/@builds/7/ic' }],
    ['/var/builds', { device: '0:25', path: '/@builds' }],
    ['/var/buildsome', { device: '8:1', path: '/var/buildsome' }],
    ['/var/builds/deep/ic', { device: '0:40', path: '/ic' }],
    ['/mnt/with space\nline/ic', { device: '8:1', path: '/srv/a b/ic' }],
  ])('tells where %j lies', (path, place) => {
    expect(placeOf(mounts, path)).toEqual(place);
  });

  test('knows no place without a root', () => {
    expect(placeOf([], '/ic')).toBeNull();
  });

  test('of two mounts on one folder, the later one holds it', () => {
    const covered = parseMountTable(`${HOST}\n40 22 0:41 / /var/builds rw - tmpfs tmpfs rw`);
    expect(placeOf(covered, '/var/builds/ic')).toEqual({ device: '0:41', path: '/ic' });
  });
});

describe('a mount of a container', () => {
  const place = { device: '0:25', path: '/@builds/7/ic' };
  const mount = (rest: Partial<Mount>): Mount => ({
    ...{ device: '0:25', root: '/', point: '/ic', filesystem: 'btrfs', options: 'rw' },
    ...rest,
  });
  const overlay = { device: '0:99', filesystem: 'overlay' };

  test.each([
    ['the worktree', { root: '/@builds/7/ic' }, 'same'],
    ['a folder of it', { root: '/@builds/7/ic/artifacts' }, 'inside'],
    ['the folder that it lies in', { root: '/@builds/7' }, 'around'],
    ['the whole filesystem', { root: '/' }, 'around'],
    ['its neighbour', { root: '/@builds/8/ic' }, null],
    ['one with a longer name', { root: '/@builds/7/ic-2' }, null],
    ['the same path of another filesystem', { device: '8:1', root: '/@builds/7/ic' }, null],
    ['an overlay over it', { ...overlay, options: 'rw,lowerdir=/b/7/ic,upperdir=/x' }, 'same'],
    [
      'an overlay over it too',
      { ...overlay, options: 'rw,lowerdir=/a:/b/7/ic,workdir=/x' },
      'same',
    ],
    ['an overlay over another', { ...overlay, options: 'rw,lowerdir=/b/7/ic-2:/a' }, null],
  ] as const)('that is %s: %s', (_what, rest, kinship) => {
    expect(kinshipOf(mount(rest), place, '/b/7/ic')).toBe(kinship);
  });
});
