import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryByteSource } from '../byte-source.js';
import { ImageError } from '../error.js';
import { makeImage, readImage, writeTree } from './images.fixture.js';
import { type Ext4Limits, isExt4, openExt4File, readExt4 } from './index.js';

let dir = '';
const at = (name: string): string => join(dir, name);
const refusal = (code: string) => expect.objectContaining({ name: 'ImageError', code }) as Error;

const EXT4 = ['-b', '1024', '-I', '256', '-N', '200', '-O'];
const FEATURES = 'extent,flex_bg,metadata_csum,64bit,extra_isize,filetype,sparse_super,ext_attr';
const OPTIONS: Record<string, string[]> = {
  ext4: [...EXT4, FEATURES],
  ext3: [...EXT4, 'has_journal,filetype,sparse_super,ext_attr'],
  inline: [...EXT4, `${FEATURES},inline_data,ea_inode,^metadata_csum`],
};
const COMMANDS = [
  'ea_set /etc/hostname user.colour green',
  `ea_set /etc/hostname user.long ${'l'.repeat(150)}`,
  'mkdir loop',
];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ext4-hostile-'));
  mkdirSync(at('tree'));
  writeTree(at('tree'), 60);
  for (const [name, options] of Object.entries(OPTIONS)) {
    await makeImage(at(name), options, { tree: at('tree'), size: '4M', commands: COMMANDS });
  }
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

/** Reads from memory whatever an image has become; how many members it told. */
async function read(image: Buffer, limits: Partial<Ext4Limits> = {}): Promise<number> {
  const source = new MemoryByteSource(image);
  let told = 0;
  const onMember = (): void => {
    told += 1;
  };
  const { count } = await readExt4(source, { onMember, limits });
  expect(told).toBe(count);
  return count;
}

async function altered(base: string, ...commands: string[]): Promise<Buffer> {
  await makeImage(at('altered'), OPTIONS[base]!, {
    ...{ tree: at('tree'), size: '4M' },
    commands: [...COMMANDS, ...commands],
  });
  return readFileSync(at('altered'));
}

const TWO = 'sif /etc/hostname block[0] 3900\nsif /usr/share/small block[0] 3900';

describe('an image that is made to harm is refused', () => {
  test.each([
    ['a directory that holds itself', 'ext4', 'ln /loop /loop/again', 'MALFORMED_FILESYSTEM'],
    ['the root in a directory', 'ext4', 'ln / /loop/root', 'MALFORMED_FILESYSTEM'],
    ['two files with one block', 'ext3', TWO, 'MALFORMED_FILESYSTEM'],
    ['a block past the end', 'ext3', 'sif /etc/hostname block[0] 99999', 'MALFORMED_FILESYSTEM'],
    ['a list of blocks that is one', 'ext3', 'sif /usr/bin/replica block[IND] 2', 'MALFORMED_FILE'],
    ['a hole of a tebibyte', 'ext4', 'sif /etc/empty size 1099511627776', 'TOO_LARGE'],
    [
      'more bytes than can be counted',
      'ext4',
      'sif /etc/empty size 0x7ffffffffffffff',
      'MALFORMED',
    ],
    ['extents that are none', 'ext4', 'sif /etc/hostname block[0] 7', 'MALFORMED_FILESYSTEM'],
    ['something of no type', 'ext4', 'sif /etc/hostname mode 0', 'MALFORMED_FILESYSTEM'],
    ['a file that becomes a directory', 'ext4', 'sif /etc/empty mode 040755', 'MALFORMED_FILESYS'],
    ['a file that is encrypted', 'ext4', 'sif /etc/hostname flags 0x80800', 'UNSUPPORTED'],
    ['attributes in no block of them', 'ext4', 'sif /etc/empty file_acl 1', 'MALFORMED_FILESYSTEM'],
    ['a small file too large for an inode', 'inline', 'sif /etc/hostname size 5000', 'TOO_LARGE'],
  ])('%s', async (_name, base, command, code) => {
    await expect(read(await altered(base, command))).rejects.toMatchObject({
      name: 'ImageError',
      code: expect.stringContaining(code) as string,
    });
  });

  test('a name that would leave its directory', async () => {
    const image = readFileSync(at('ext4'));
    const name = image.indexOf('exactly-one-block');
    image.write('../', name);
    await expect(read(image)).rejects.toThrow(refusal('BAD_MEMBER_NAME'));
  });

  test('a name that is there twice', async () => {
    const image = readFileSync(at('ext3'));
    image.write('name-11', image.indexOf('name-10'));
    await expect(read(image)).rejects.toThrow(refusal('MALFORMED_FILESYSTEM'));
  });

  test('directories so deep that no path leads there', async () => {
    const name = 'd'.repeat(250);
    const deep = Array.from({ length: 17 }, () => [`mkdir ${name}`, `cd ${name}`]).flat();
    await expect(read(await altered('ext4', ...deep))).rejects.toThrow(refusal('BAD_MEMBER_NAME'));
  });

  test('a feature that nobody knows', async () => {
    const image = readFileSync(at('ext4'));
    image[1024 + 0x63] = 0x80;
    await expect(read(image)).rejects.toThrow(refusal('UNSUPPORTED'));
  });

  test('more names, or more bytes, than there may be', async () => {
    const image = readFileSync(at('ext4'));
    await expect(read(image, { maxMembers: 50 })).rejects.toThrow(refusal('TOO_MANY_MEMBERS'));
    await expect(read(image, { maxContentBytes: 1e6 })).rejects.toThrow(refusal('TOO_LARGE'));
  });

  test('what was cut anywhere', async () => {
    const image = readFileSync(at('ext4'));
    for (const bytes of [2047, 2048, 5000, 100_000, image.length - 1024, image.length - 1]) {
      const cut = image.subarray(0, bytes);
      await expect(read(cut), `${bytes} bytes`).rejects.toThrow(refusal('TRUNCATED'));
    }
    expect(isExt4(new MemoryByteSource(image))).toBe(true);
    expect(isExt4(new MemoryByteSource(image.subarray(0, 1500)))).toBe(false);
    expect(isExt4(new MemoryByteSource(Buffer.alloc(4096)))).toBe(false);
  });

  test('reading ends where it is told to', async () => {
    const onMember = (): void => undefined;
    const source = new MemoryByteSource(readFileSync(at('ext4')));
    const reading = readExt4(source, { onMember, signal: AbortSignal.abort() });
    await expect(reading).rejects.toThrow(refusal('INTERRUPTED'));
  });
});

test('names of any bytes have each their own path', async () => {
  writeFileSync(
    Buffer.concat([Buffer.from(`${at('tree')}/`), Buffer.from([0xff, 0x5c, 0x0a])]),
    '',
  );
  await makeImage(at('names'), OPTIONS['ext4']!, { tree: at('tree'), size: '4M' });
  const { members } = await readImage(at('names'));
  expect(members.has('\\xff\\x5c\\x0a')).toBe(true);
});

describe('whatever bytes an image has, reading it ends', () => {
  test.each(Object.keys(OPTIONS))('%s', async (name) => {
    const image = readFileSync(at(name));
    const change = fc.record({
      // The header, the tables and the directories are in the first part of so small an image.
      offset: fc.oneof(fc.integer({ min: 1024, max: 2047 }), fc.nat(200_000), fc.nat(4_000_000)),
      value: fc.oneof(fc.constant(0), fc.constant(255), fc.nat(255)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 12 }),
        fc.oneof(fc.constant(image.length), fc.nat(image.length)),
        async (changes, length) => {
          const hostile = Buffer.from(image.subarray(0, length));
          for (const { offset, value } of changes) if (offset < length) hostile[offset] = value;
          const started = performance.now();
          await ended(read(hostile));
          await ended(openFile(hostile));
          expect(performance.now() - started).toBeLessThan(5000);
        },
      ),
      { numRuns: 150 },
    );
  });
});

async function openFile(image: Buffer): Promise<void> {
  await Promise.resolve();
  const file = openExt4File(new MemoryByteSource(image), 'usr/bin/replica');
  file.read(0, Math.min(file.sizeBytes, 100_000));
}

async function ended(reading: Promise<unknown>): Promise<void> {
  try {
    await reading;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
  }
}
