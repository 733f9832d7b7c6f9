import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFileSource } from '../byte-source.js';
import {
  debugfs,
  FILES,
  HASH_SEED,
  LONG_TARGET,
  makeImage,
  readImage,
  SBIN,
  sparseContent,
  TARGETS,
  UUID,
  writeTree,
} from './images.fixture.js';
import { openExt4File } from './index.js';

let dir = '';
const at = (name: string): string => join(dir, name);
const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ext4-'));
  mkdirSync(at('tree'));
  writeTree(at('tree'));
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

/** What debugfs says of a member, in the words of a manifest. */
function parseStat(text: string): Record<string, unknown> {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
  const time = (name: string): number | undefined => {
    const found = new RegExp(`(?<![a-z])${name}: 0x([0-9a-f]{8})(?::([0-9a-f]{8}))?`).exec(text);
    return found === null ? undefined : parseInt(found[1] ?? '', 16);
  };
  return {
    mode: /Mode: +(\d+)/.exec(text)?.[1],
    uid: number(/User: +(\d+)/),
    gid: number(/Group: +(\d+)/),
    size: number(/Size: (\d+)\n/),
    ...{ ctime: time('ctime'), atime: time('atime'), mtime: time('mtime'), crtime: time('crtime') },
  };
}

const COMMANDS = [
  'cd /etc',
  'mknod null c 1 3',
  'mknod disk b 259 300',
  'mknod pipe p',
  'ea_set hostname user.colour green',
  'ea_set hostname security.selinux system_u:object_r:hostname_etc_t:s0',
  `ea_set empty user.long ${'l'.repeat(190)}`,
  'sif hostname uid 70000',
  'sif hostname gid 80000',
  'sif hostname mode 0104755',
  'sif hostname mtime 20200102030405',
];

const KINDS: [name: string, options: string[]][] = [
  ['ext2 of 1 KiB blocks', ['-t', 'ext2', '-b', '1024', '-O', 'filetype,sparse_super,ext_attr']],
  ['ext2 without types in names', ['-t', 'ext2', '-b', '4096', '-O', '^filetype,ext_attr']],
  [
    'ext3',
    ['-t', 'ext3', '-b', '1024', '-O', 'has_journal,filetype,sparse_super,resize_inode,ext_attr'],
  ],
  ['ext4 as mke2fs makes it', ['-b', '4096', '-O', ext4()]],
  ['ext4 of 1 KiB blocks', ['-b', '1024', '-O', ext4()]],
  [
    'ext4 of 2 KiB blocks, every group with a copy',
    ['-b', '2048', '-O', ext4('^sparse_super', '^resize_inode')],
  ],
  ['ext4 of 64 KiB blocks', ['-b', '65536', '-O', ext4('^has_journal')]],
  ['ext4 without extents', ['-b', '1024', '-O', ext4('^extent', '^64bit')]],
  ['ext4 of inodes of 128 bytes', ['-b', '4096', '-I', '128', '-O', ext4()]],
  ['ext4 of inodes of 1024 bytes', ['-b', '4096', '-I', '1024', '-O', ext4()]],
  ['checksums of groups only', ['-b', '1024', '-O', ext4('^metadata_csum', 'uninit_bg')]],
  ['no checksums', ['-b', '1024', '-O', ext4('^metadata_csum', '^64bit')]],
  ['a seed of checksums', ['-b', '4096', '-O', ext4('metadata_csum_seed')]],
  ['small files in their inodes', ['-b', '4096', '-O', ext4('inline_data')]],
  ['clusters', ['-b', '1024', '-C', '16384', '-O', ext4('bigalloc', '^resize_inode')]],
  ['groups of descriptors', ['-b', '1024', '-O', ext4('meta_bg', '^resize_inode')]],
  ['two copies', ['-b', '1024', '-O', ext4('sparse_super2', '^resize_inode')]],
  ['attributes in inodes', ['-b', '4096', '-O', ext4('ea_inode', 'large_dir')]],
];

function ext4(...more: string[]): string {
  const base = 'has_journal,extent,huge_file,flex_bg,metadata_csum,64bit,dir_nlink,extra_isize';
  return [base, 'filetype,sparse_super,large_file,resize_inode,dir_index,ext_attr', ...more].join();
}

describe.each(KINDS)('%s', (name, options) => {
  let image = '';
  beforeAll(async () => {
    image = at(`${name.replaceAll(' ', '-')}.img`);
    const inodes = ['-N', '2000'];
    await makeImage(image, ['-I', '256', ...inodes, ...options], {
      tree: at('tree'),
      commands: COMMANDS,
    });
  });
  afterAll(async () => rm(image, { force: true }));

  test('has the files of the tree, byte by byte', async () => {
    const { members } = await readImage(image);
    for (const [path, content] of Object.entries(FILES)) {
      const member = members.get(path);
      // Of two names of one file the lower one has it.
      if (path === 'usr/bin/replica') {
        expect(member).toMatchObject({ kind: 'hardlink', attributes: { target: 'etc/replica' } });
        continue;
      }
      expect(member, path).toMatchObject({
        kind: 'file',
        attributes: { size: content.length, content: digest(content) },
      });
    }
    expect(members.get('etc/replica')?.attributes).toMatchObject({
      content: digest(FILES['usr/bin/replica']!),
      links: 2,
    });
    expect(members.get('many/name-299')?.attributes['content']).toBe(digest(Buffer.from('299')));
    const sparse = members.get('usr/share/sparse')?.attributes;
    // mke2fs itself writes a wrong size for a file of holes where small files lie in inodes.
    await debugfs(image, [`dump /usr/share/sparse ${at('dumped')}`]);
    expect(sparse?.['content']).toBe(digest(readFileSync(at('dumped'))));
    if (!options.includes('65536')) expect(sparse?.['holes']).toMatch(/^[0-9a-f]{64}$/);
  });

  test('has links, devices and pipes', async () => {
    const { members } = await readImage(image);
    const targets = ['etc/bin', 'etc/long', 'etc/link-0', 'etc/link-1'].map(
      (path) => members.get(path)?.attributes['target'],
    );
    expect(targets).toEqual(['../usr/bin', LONG_TARGET, ...TARGETS]);
    expect(members.get('etc/null')).toMatchObject({ kind: 'device', attributes: { rdev: 'c1:3' } });
    expect(members.get('etc/disk')?.attributes['rdev']).toBe('b259:300');
    expect(members.get('etc/pipe')?.kind).toBe('fifo');
  });

  test('has owners, modes, times and attributes, as debugfs says them', async () => {
    const { members } = await readImage(image);
    expect(members.get('etc/hostname')?.attributes).toMatchObject({
      ...{ uid: 70_000, gid: 80_000, mode: '4755', mtime: 1577934245 },
      'xattr.user.colour': 'green',
      'xattr.security.selinux': 'system_u:object_r:hostname_etc_t:s0',
    });
    expect(members.get('etc/empty')?.attributes['xattr.user.long']).toBe('l'.repeat(190));
    const paths = ['.', 'etc', 'etc/null', 'etc/long', 'usr/share/small', 'many/name-7', 'many'];
    for (const path of paths) {
      const { size = 0, ...told } = members.get(path)!.attributes;
      const said = parseStat(await debugfs(image, [`stat "/${path}"`]));
      if (path === 'etc/null') delete said['size'];
      else expect(size, path).toBe(said['size']);
      expect({ ...told, ...said, size: said['size'] }, path).toEqual({
        ...told,
        size: said['size'],
      });
    }
  });

  test('has every name once, in the order of inodes', async () => {
    const { members, order, count } = await readImage(image);
    expect(new Set(order).size).toBe(count);
    expect(members.size).toBe(count);
    expect(order[0]).toBe('.');
    const listed = await debugfs(image, ['ls -p /many']);
    const names = [...listed.matchAll(/^\/\d+\/\d+\/\d+\/\d+\/([^/]+)\//gm)].map(
      ([, found]) => found,
    );
    expect(order.filter((path) => path.startsWith('many/')).toSorted()).toEqual(
      names
        .filter((found) => !/^\.\.?$/.test(found ?? ''))
        .map((found) => `many/${found}`)
        .toSorted(),
    );
  });

  test('tells its header', async () => {
    const { attributes } = await readImage(image);
    expect(attributes).toMatchObject({
      ...{ uuid: UUID, 'hash-seed': HASH_SEED, created: 1_700_000_000, state: 'unmounted' },
      'block-size': Number(options[options.indexOf('-b') + 1]),
    });
    const { stdout } = await execa(`${SBIN}/dumpe2fs`, ['-h', image]);
    const features = /features: +(.*)/.exec(stdout)?.[1]?.split(' ').toSorted();
    expect(String(attributes['features']).split(' ').toSorted()).toEqual(features);
  });

  test('a part of a file can be read by its path', () => {
    const source = openFileSource(image);
    try {
      const file = openExt4File(source, 'usr/bin/replica');
      const content = FILES['usr/bin/replica']!;
      expect(file.sizeBytes).toBe(content.length);
      expect(file.read(123_456, 5000).equals(content.subarray(123_456, 128_456))).toBe(true);
      const sparse = openExt4File(source, 'usr/share/sparse');
      const whole = sparseContent();
      expect(sparse.read(60_000, 80_000).equals(whole.subarray(60_000, 140_000))).toBe(true);
      expect(() => file.read(content.length - 1, 2)).toThrow('not within');
      expect(() => openExt4File(source, 'usr/bin/nothing')).toThrow('no file');
    } finally {
      source.close();
    }
  });
});
