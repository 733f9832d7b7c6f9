import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTree } from '../../assembly/manifest-tree.fixture.js';
import { writeManifest } from '../../index.js';
import { makeImage, noise, writeTree } from '../images.fixture.js';
import { PassingFiles } from './passing-files.js';

let dir = '';
const at = (name: string): string => join(dir, name);
const BLOCK = 1024;
const FEATURES = 'extent,flex_bg,metadata_csum,64bit,extra_isize,filetype,sparse_super,ext_attr';
const OPTIONS = ['-b', String(BLOCK), '-I', '256', '-N', '600', '-O', FEATURES];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ext4-passing-'));
  await mkdir(at('tree'));
  writeTree(at('tree'), 60);
  writeFileSync(at('tree/notes'), 'a line of notes\n'.repeat(700));
  await execa('gzip', ['--no-name', '--keep', at('tree/notes')]);
  await makeImage(at('image'), OPTIONS, { tree: at('tree'), size: '8M' });
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

/** What is inside an image that lies there to be read, and inside one that streams by in an archive. */
async function insides(image: Buffer) {
  writeFileSync(at('an.img'), image);
  await execa('tar', ['--create', '--file', at('a.tar'), '--directory', dir, 'an.img']);
  const told = async (path: string, location: string) => {
    await writeManifest({ path, into: at('a.manifest'), spoolDir: at('spool') });
    const node = (await readTree(at('a.manifest'))).nodes.get(location);
    return [node?.inside, node?.attributes['content'], node?.attributes['unread']];
  };
  const [inside, content, unread] = await told(at('an.img'), '');
  return {
    lying: inside === undefined ? [inside, content, unread] : [inside, undefined, undefined],
    streaming: await told(at('a.tar'), ' > an.img'),
  };
}

/** Lets an image stream by in pieces, and collects what is kept of it. */
function pass(image: Buffer, pieceBytes: number) {
  const kept: Buffer[] = [];
  let forgotten = 0;
  const files = new PassingFiles({
    data: (bytes) => void kept.push(Buffer.from(bytes)),
    hole: (length) => void kept.push(Buffer.alloc(length)),
    forget: (bytes) => {
      forgotten += bytes.length;
      kept.push(Buffer.from(bytes));
    },
  });
  for (let from = 0; from < image.length; from += pieceBytes) {
    files.data(image.subarray(from, from + pieceBytes));
  }
  files.end();
  return { files, kept: Buffer.concat(kept), forgotten };
}

describe('a filesystem that streams by', () => {
  test('comes out as one that lies there to be read', async () => {
    const { lying, streaming } = await insides(readFileSync(at('image')));
    expect(streaming).toEqual(lying);
    expect(lying[0]).toMatchObject({ form: 'ext4' });
  });

  test('comes out so too where a thread hashes beside', async () => {
    await makeImage(at('large'), [], { tree: at('tree'), size: '40M' });
    const { lying, streaming } = await insides(readFileSync(at('large')));
    expect(streaming).toEqual(lying);
    expect(lying[0]).toMatchObject({ form: 'ext4' });
  });

  test.each([1 << 20, 65_536, 5000, 512, 7])(
    'has the same digests and bytes in pieces of %i bytes',
    (pieceBytes) => {
      const image = readFileSync(at('image'));
      const whole = pass(image, image.length);
      const { files, kept, forgotten } = pass(image, pieceBytes);
      expect(kept.equals(image)).toBe(true);
      expect(forgotten).toBe(whole.forgotten);
      // All but directories, files in several pieces and the one that is a container.
      expect(forgotten).toBeGreaterThan(15_000);
      for (let inode = 1; inode < 600; inode += 1) {
        expect(files.digestOf(inode)).toBe(whole.files.digestOf(inode));
      }
    },
  );

  test('keeps what is behind the end of a file', async () => {
    const image = readFileSync(at('image'));
    const content = noise(150, 'small');
    image.write('left over', image.indexOf(content) + content.length);
    const { lying, streaming } = await insides(image);
    expect(streaming).toEqual(lying);
    expect(streaming).not.toEqual((await insides(readFileSync(at('image')))).lying);
  });

  test('is read as one that lies there, whatever bytes it has', async () => {
    const image = readFileSync(at('image'));
    const change = fc.record({
      offset: fc.oneof(
        fc.integer({ min: 1024, max: 4095 }),
        fc.nat(400_000),
        fc.nat(image.length - 1),
      ),
      value: fc.oneof(fc.constant(0), fc.constant(255), fc.nat(255)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const hostile = Buffer.from(image);
        for (const { offset, value } of changes) hostile[offset] = value;
        const { lying, streaming } = await insides(hostile);
        expect(streaming).toEqual(lying);
      }),
      { numRuns: 25 },
    );
  });

  test('is read as one that lies there where two files have one place', async () => {
    const image = readFileSync(at('image'));
    const { files } = pass(image, image.length);
    const digest = (inode: number) => files.digestOf(inode);
    const inodes = Array.from({ length: 600 }, (_, nth) => nth).filter(digest);
    const table = image.indexOf(extentsOf(image));
    expect(inodes.length).toBeGreaterThan(60);
    expect(table).toBeGreaterThan(0);
    const [one, other] = [table, table + 256];
    image.copy(image, other, one, one + 60);
    const { lying, streaming } = await insides(image);
    expect(streaming).toEqual(lying);
    expect(streaming[2]).toBe('MALFORMED_FILESYSTEM');
  });
});

/** The extents of the file of 4096 bytes, as its inode has them. */
function extentsOf(image: Buffer): Buffer {
  const block = image.indexOf(noise(4096, 'block')) / BLOCK;
  const extents = Buffer.alloc(24);
  extents.writeUInt16LE(0xf30a, 0);
  extents.writeUInt16LE(1, 2);
  extents.writeUInt16LE(4, 4);
  extents.writeUInt16LE(4, 16);
  extents.writeUInt32LE(block, 20);
  return extents;
}
