import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import type { Attributes } from '#libs/manifest';
import { MemoryByteSource } from '../byte-source.js';
import { type FatMember, readFat } from './read-fat.js';

const KIB = 1024;
const TYPES = [
  [12, 512 * KIB],
  [16, 20 * KIB * KIB],
  [32, 40 * KIB * KIB],
] as const;
let dir = '';
const at = (name: string) => join(dir, name);
const images = new Map<number, Buffer>();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fat-'));
  await writeFile(at('grub.cfg'), 'set timeout=0\n'.repeat(400));
  for (const [bits, bytes] of TYPES) {
    const image = at(`fat${bits}.img`);
    await writeFile(image, '');
    await truncate(image, bytes);
    await execa('mkfs.fat', ['-F', String(bits), '-s', '1', '-i', 'cafe0001', '-n', 'EFI', image]);
    await execa('mmd', ['-i', image, '::/EFI', '::/EFI/boot']);
    await execa('mcopy', ['-i', image, at('grub.cfg'), '::/EFI/boot/grub.cfg']);
    await execa('mcopy', ['-i', image, at('grub.cfg'), '::/Ein längerer Name als elf.cfg'], {
      // It reads what it is told by the locale.
      env: { LC_ALL: 'C.UTF-8' },
    });
    images.set(bits, await readFile(image));
  }
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

async function read(bytes: Buffer): Promise<{ attributes: Attributes; members: FatMember[] }> {
  const members: FatMember[] = [];
  const attributes = await readFat(new MemoryByteSource(bytes), {
    onMember: (member) => void members.push(member),
    maxMembers: 100,
  });
  return { attributes, members };
}

/** What a manifest would say of it. */
async function told(bytes: Buffer): Promise<string> {
  try {
    return JSON.stringify(await read(bytes));
  } catch (error) {
    expect(error).toMatchObject({ name: 'ImageError' });
    return String(error);
  }
}

describe.each(TYPES.map(([bits]) => [bits]))('a FAT%d filesystem', (bits) => {
  test('is read with its names, long and short, and all that is written of them', async () => {
    const { attributes, members } = await read(images.get(bits)!);
    expect(attributes).toMatchObject({
      ...{ type: `FAT${bits}`, label: 'EFI', 'volume-id': 'cafe0001', 'block-size': 512 },
    });
    expect(attributes).not.toHaveProperty('rest');
    const content = sha256('set timeout=0\n'.repeat(400));
    expect(members.map(({ path, kind }) => [path, kind])).toEqual([
      ['.', 'directory'],
      ['EFI', 'directory'],
      ['EFI/boot', 'directory'],
      ['EFI/boot/grub.cfg', 'file'],
      ['Ein längerer Name als elf.cfg', 'file'],
    ]);
    expect(members[3]?.attributes).toMatchObject({ content, size: 5600 });
    expect(members[3]?.attributes).not.toHaveProperty('rest');
    expect(members[1]?.attributes).not.toHaveProperty('rest');
    expect(members[4]?.attributes['mtime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    expect(members[4]?.open().read(0, 3).toString()).toBe('set');
  });

  test('with one changed byte is told otherwise, or refused', async () => {
    const plain = images.get(bits)!;
    const before = await told(plain);
    // Half of the changes where names, chains and contents are; the others anywhere.
    const place = fc.oneof(fc.nat(120_000), fc.nat(plain.length - 1));
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (i, x) => {
        const changed = Buffer.from(plain);
        changed[i]! ^= x;
        expect(await told(changed)).not.toBe(before);
      }),
      { numRuns: bits === 12 ? 300 : 40 },
    );
  });

  test('whose clusters lead to one another for ever is refused', async () => {
    const looped = Buffer.from(images.get(bits)!);
    const table = looped.readUInt16LE(14) * 512;
    // The root directory's own, or the first file's: every chain leads back to its beginning.
    for (let cluster = 2; cluster < 40; cluster += 1) {
      if (bits === 32) looped.writeUInt32LE(cluster, table + cluster * 4);
      if (bits === 16) looped.writeUInt16LE(cluster, table + cluster * 2);
      if (bits === 12 && cluster % 2 === 0) {
        looped.writeUIntLE(cluster | ((cluster + 1) << 12), table + cluster * 1.5, 3);
      }
    }
    await expect(read(looped)).rejects.toMatchObject({ code: 'MALFORMED_FILESYSTEM' });
  });
});

describe('a hostile FAT filesystem', () => {
  test.each([
    ['larger than what holds it', 32, 0x7fffffff],
    ['of no clusters', 32, 1],
  ])('%s is refused', async (_, field, sectors) => {
    const changed = Buffer.from(images.get(12)!);
    changed.writeUInt16LE(0, 19);
    changed.writeUInt32LE(sectors, field);
    await expect(read(changed)).rejects.toMatchObject({ code: 'MALFORMED_FILESYSTEM' });
  });

  test('with more names than allowed is refused', async () => {
    const source = new MemoryByteSource(images.get(12)!);
    const reading = { onMember: () => undefined, maxMembers: 2 };
    await expect(readFat(source, reading)).rejects.toMatchObject({ name: 'ImageError' });
  });
});
