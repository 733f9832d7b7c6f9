import { mkdirSync, readFileSync, symlinkSync, linkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { readTree } from '../assembly/manifest-tree.fixture.js';
import { writeManifest } from '../index.js';
import { recognise } from '../recognise.js';
import { checksum } from '../tar-header.js';

let dir = '';
let archive: Buffer;
const at = (name: string) => join(dir, name);

async function treeOf(bytes: Buffer) {
  writeFileSync(at('a.tar'), bytes);
  await writeManifest({ path: at('a.tar'), into: at('a.manifest'), spoolDir: at('spool') });
  return readTree(at('a.manifest'));
}

/** The first header with other bytes, its checksum made right again. */
function altered(change: (header: Buffer) => void): Buffer {
  const bytes = Buffer.from(archive);
  const header = bytes.subarray(0, 512);
  change(header);
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'v7-'));
  mkdirSync(at('d/sub'), { recursive: true });
  writeFileSync(at('d/file'), 'content');
  linkSync(at('d/file'), at('d/hard'));
  symlinkSync('file', at('d/link'));
  const options = ['--format=v7', '--sort=name', '--create', '--file', at('v7.tar')];
  await execa('tar', [...options, 'd'], { cwd: dir });
  archive = readFileSync(at('v7.tar'));
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

describe('an archive of the format before ustar', () => {
  test('is read as GNU tar writes it', async () => {
    const { artifact, nodes } = await treeOf(archive);
    expect(artifact.inside).toMatchObject({ form: 'tar', attributes: { format: 'v7' } });
    expect(
      [...nodes]
        .slice(1)
        .map(([path, { kind }]) => [path.slice(3), kind])
        .sort(),
    ).toEqual([
      ['d', 'directory'],
      ['d/file', 'file'],
      ['d/hard', 'hardlink'],
      ['d/link', 'symlink'],
      ['d/sub', 'directory'],
    ]);
    expect(nodes.get(' > d/file')?.attributes).toMatchObject({ content: sha256('content') });
  });

  test('is one with any blanks around its numbers, and without those of devices', () => {
    const blank = altered((header) => {
      header.write('   644 ', 100);
      header.fill(0, 329, 345);
    });
    expect(recognise(blank)).toBe('tar');
  });

  test('that goes on with something else is refused, its bytes told', async () => {
    const broken = Buffer.from(archive);
    broken.fill('x', 512, 1024);
    const { artifact } = await treeOf(broken);
    expect(artifact.attributes).toMatchObject({
      ...{ unread: 'NOT_AN_ARCHIVE', content: sha256(broken) },
    });
  });
});

describe('what is nearly one is none', () => {
  test.each<[string, (header: Buffer) => void]>([
    ['no name', (header) => header.fill(0, 0, 100)],
    ['no mode', (header) => header.fill(0, 100, 108)],
    ['a size that is no number', (header) => header.write('0000000000x', 124)],
    ['a size of decimal digits', (header) => header.write('00000000009', 124)],
    ['a time without an end', (header) => header.write('012345670123', 136)],
    ['another type', (header) => header.write('S', 156)],
    ['an owner by name', (header) => header.write('root', 265)],
    ['a device that is no number', (header) => header.write('x', 329)],
    ['something behind its fields', (header) => header.write('x', 511)],
    ['another magic', (header) => header.write('USTAR', 257)],
  ])('%s', (_name, change) => {
    expect(recognise(altered(() => undefined))).toBe('tar');
    expect(recognise(altered(change))).toBeNull();
  });

  test('a checksum that is wrong, however little', () => {
    fc.assert(
      fc.property(fc.nat(511), fc.integer({ min: 1, max: 255 }), (place, change) => {
        fc.pre(place < 148 || place >= 156);
        const bytes = Buffer.from(archive);
        bytes[place]! ^= change;
        expect(recognise(bytes)).not.toBe('tar');
      }),
    );
  });

  test('fewer bytes than a header, zeros, and whatever else there is', () => {
    expect(recognise(archive.subarray(0, 511))).toBeNull();
    expect(recognise(Buffer.alloc(1024))).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 512, maxLength: 600 }), (bytes) => {
        expect(recognise(Buffer.from(bytes))).not.toBe('tar');
      }),
    );
  });
});

test('one without a magic inside an archive that has one is refused', async () => {
  await execa('tar', ['--format=ustar', '--create', '--file', at('ustar.tar'), 'd/file'], {
    cwd: dir,
  });
  const mixed = Buffer.concat([readFileSync(at('ustar.tar')).subarray(0, 1024), archive]);
  const { artifact } = await treeOf(mixed);
  expect(artifact.attributes).toMatchObject({ unread: 'NOT_AN_ARCHIVE' });
});
