import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImageError } from '../error.js';
import { debugfs, indexDirectories, makeImage, noise, readImage } from './images.fixture.js';

let dir = '';
const at = (name: string): string => join(dir, name);
const FEATURES =
  'has_journal,extent,flex_bg,metadata_csum,64bit,extra_isize,filetype,sparse_super,ext_attr,dir_index';
const OPTIONS = ['-b', '1024', '-I', '256', '-N', '256', '-O', FEATURES];
const CRC16 = [
  '-b',
  '1024',
  '-I',
  '256',
  '-N',
  '256',
  '-O',
  `${FEATURES},^metadata_csum,uninit_bg`,
];

const WRITTEN_SEED = [
  '-b',
  '1024',
  '-I',
  '256',
  '-N',
  '256',
  '-O',
  `${FEATURES},metadata_csum_seed`,
];

type Told = Awaited<ReturnType<typeof readImage>>;

/** Names of what two images do not have alike: `etc/hostname mode`, or an attribute of the whole. */
function differences(left: Told, right: Told): string[] {
  const found = unlike(left.attributes, right.attributes);
  for (const path of new Set([...left.members.keys(), ...right.members.keys()])) {
    const [a, b] = [left.members.get(path), right.members.get(path)];
    if (a === undefined || b === undefined || a.kind !== b.kind) found.push(path);
    else found.push(...unlike(a.attributes, b.attributes).map((name) => `${path} ${name}`));
  }
  return found;
}

function unlike(a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]);
}

/** Changes one byte of a copy of an image. */
function flip(image: string, to: string, offset: number, mask: number): void {
  copyFileSync(image, to);
  const file = openSync(to, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, offset);
  byte[0] = (byte[0] ?? 0) ^ mask;
  writeSync(file, byte, 0, 1, offset);
  closeSync(file);
}

function writeFiles(name: string): string {
  mkdirSync(at(`${name}/etc`), { recursive: true });
  mkdirSync(at(`${name}/many`));
  for (let index = 0; index < 150; index += 1) writeFileSync(at(`${name}/many/${index}`), 'many');
  writeFileSync(at(`${name}/etc/hostname`), 'node-1\n');
  writeFileSync(at(`${name}/etc/large`), noise(20_000, 'large'));
  // Access times after those of modification stay when mke2fs reads the files.
  for (const path of ['.', ...readdirSync(at(name), { recursive: true, encoding: 'utf8' })]) {
    utimesSync(join(at(name), path), Date.now() / 1000, 1_600_000_000);
  }
  return at(name);
}

const COMMANDS = ['ea_set /etc/hostname user.colour green', 'ea_set /etc/large user.x yellow'];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ext4-residue-'));
  const tree = writeFiles('tree');
  for (const name of ['base', 'twin']) {
    await makeImage(at(name), OPTIONS, { tree, size: '4M', commands: COMMANDS });
  }
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

async function difference(make: (image: string) => Promise<void>): Promise<string[]> {
  await make(at('other'));
  return differences(await readImage(at('base')), await readImage(at('other')));
}

const edited = (...commands: string[]) =>
  difference(async (image) => {
    copyFileSync(at('base'), image);
    await debugfs(image, commands, true);
  });

describe('what differs is told where it is, and nowhere else', () => {
  test('nothing, where the images are the same', async () => {
    expect(differences(await readImage(at('base')), await readImage(at('twin')))).toEqual([]);
  });

  test.each([
    ['metadata_csum', OPTIONS],
    ['uninit_bg', CRC16],
    ['metadata_csum_seed', WRITTEN_SEED],
  ])('a UUID, although %s makes all checksums depend on it', async (_name, options) => {
    const told: Told[] = [];
    for (const digit of ['3', '4']) {
      const uuid = ['-U', `0${digit}010101-0000-4000-8000-000000000000`];
      await makeImage(at('other'), [...options, ...uuid], { tree: at('tree'), size: '4M' });
      await indexDirectories(at('other'));
      // The flags of extents and of a hash tree.
      expect(await debugfs(at('other'), ['stat /many'])).toContain('Flags: 0x81000');
      told.push(await readImage(at('other')));
    }
    expect(differences(told[0]!, told[1]!)).toEqual(['uuid']);
  });

  test.each([
    ['a mode', 'sif /etc/hostname mode 0100600', ['etc/hostname mode']],
    ['an owner', 'sif /etc/hostname uid 1000', ['etc/hostname uid']],
    ['a time', 'sif /etc/hostname mtime 20200101', ['etc/hostname mtime']],
    ['an attribute', 'ea_set /etc/hostname user.colour brown', ['etc/hostname xattr.user.colour']],
    ['a generation', 'sif /etc/hostname generation 7', ['generations']],
    ['a label', 'ssv volume_name root', ['label']],
    ['a mount', 'ssv mnt_count 3', ['mount-count']],
    ['a version', 'sif /etc/hostname version 9', ['rest']],
    ['the numbers of free blocks', 'ssv free_blocks_count 5', ['layout']],
  ])('%s', async (_name, command, expected) => {
    expect(await edited(command)).toEqual(expected);
  });

  test('the same number of other bytes', async () => {
    writeFiles('changed');
    writeFileSync(at('changed/etc/hostname'), 'node-2\n');
    const found = await difference((image) =>
      makeImage(image, OPTIONS, { tree: at('changed'), size: '4M', commands: COMMANDS }),
    );
    expect(found.filter((name) => !/ [acm]time$/.test(name))).toEqual(['etc/hostname content']);
  });

  test('a byte after the end of a file, in its last block', async () => {
    const block = Number(/\d+/.exec(await debugfs(at('base'), ['bmap /etc/hostname 0']))?.[0]);
    const found = await difference(async (image) => {
      flip(at('base'), image, block * 1024 + 500, 0xff);
      await Promise.resolve();
    });
    expect(found).toEqual(['rest']);
  });

  test('a byte of a free block, and one after the last block', async () => {
    const end = statSync(at('base')).size;
    const found = await difference(async (image) => {
      flip(at('base'), image, end - 5, 1);
      await Promise.resolve();
    });
    expect(found).toEqual(['rest']);
    copyFileSync(at('base'), at('longer'));
    writeFileSync(at('longer'), 'x', { flag: 'a' });
    const longer = await readImage(at('longer'));
    expect(differences(await readImage(at('base')), longer)).toEqual(['rest']);
  });

  test('a name more', async () => {
    const found = await edited('write /dev/null /etc/new');
    expect(found).toContain('etc/new');
    expect(found).toContain('layout');
    expect(found).not.toContain('rest');
  });
});

test('whatever byte of an image is another one, something that is told is another one', async () => {
  const base = await readImage(at('base'));
  const size = statSync(at('base')).size;
  await fc.assert(
    fc.asyncProperty(
      // Most of what has a meaning lies before the first file.
      fc.oneof(fc.nat(400_000), fc.nat(size - 1)),
      fc.integer({ min: 1, max: 255 }),
      async (offset, mask) => {
        flip(at('base'), at('flipped'), offset, mask);
        try {
          const other = await readImage(at('flipped'));
          expect(differences(base, other), `byte ${offset}`).not.toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(ImageError);
        }
      },
    ),
    { numRuns: 300 },
  );
});
