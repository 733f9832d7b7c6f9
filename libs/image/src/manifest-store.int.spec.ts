import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256, type Sha256 } from '#libs/encoding';
import { MembersWriter, pagesInMemory, writeRoot, type PageSink } from '#libs/manifest';
import { ManifestFileWriter, openManifestFile } from './index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function fill(sink: PageSink, count = 2_000): Sha256 {
  const members = new MembersWriter(sink);
  for (let i = 0; i < count; i += 1) {
    members.add({ path: `f${i.toString()}`, kind: 'file', attributes: { size: i } });
  }
  const inside = { form: 'ext4' as const, attributes: {}, ...members.finish() };
  return writeRoot({ path: '', kind: 'file', attributes: {}, inside }, sink);
}

function written(): { path: string; root: Sha256 } {
  const path = join(folder, 'update-img.manifest');
  const writer = new ManifestFileWriter(path);
  const root = fill(writer.sink);
  // A manifest of two equal images has the pages of one.
  fill(writer.sink);
  writer.finish(root);
  return { path, root };
}

/** The bytes with others in place of some, counted from the end. */
const spoilt = (bytes: Buffer, from: number, to: number): Buffer =>
  Buffer.from(bytes).fill(7, bytes.length - from, bytes.length - to);

describe('a manifest on disk', () => {
  test('gives back each of its pages, and null for others', async () => {
    const { path, root } = written();
    const memory = pagesInMemory();
    fill(memory.sink);
    const file = await openManifestFile(path);
    expect(file).toMatchObject({ root, pageCount: memory.pages.size });
    const answers = await file.pages([...memory.pages.keys(), sha256('other')]);
    expect(answers.map((page) => page && Buffer.from(page).toString())).toEqual([
      ...[...memory.pages.values()].map((page) => Buffer.from(page).toString()),
      null,
    ]);
    await file.close();
  });

  test('has its name only once it is complete, and nothing is left of what was given up', () => {
    const path = join(folder, 'a');
    const writer = new ManifestFileWriter(path);
    fill(writer.sink);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^a\.[0-9a-f-]+\.part$/)]);
    writer.discard();
    expect(readdirSync(folder)).toEqual([]);
    written();
    expect(readdirSync(folder)).toEqual(['update-img.manifest']);
  });

  test.each([
    ['is cut', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['is added to', (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)])],
    ['is empty', () => Buffer.alloc(0)],
    ['is something else', (bytes: Buffer) => Buffer.alloc(bytes.length, 'x')],
    ['has another root', (bytes: Buffer) => spoilt(bytes, 44, 12)],
    ['has an index out of order', (bytes: Buffer) => spoilt(bytes, 100, 60)],
  ])('that %s is refused when it is opened', async (_, spoil) => {
    const { path } = written();
    writeFileSync(path, spoil(readFileSync(path)));
    await expect(openManifestFile(path)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('whose disk gives back other bytes says so, and does not answer with them', async () => {
    const { path, root } = written();
    const bytes = readFileSync(path);
    bytes.write('9', bytes.indexOf('"version":1') + 10);
    writeFileSync(path, bytes);
    const file = await openManifestFile(path);
    await expect(file.pages([root])).rejects.toMatchObject({ code: 'CORRUPT' });
    await file.close();
  });

  test('that is not there, or cannot be written, is told with its name', async () => {
    const path = join(folder, 'missing', 'a');
    await expect(openManifestFile(path)).rejects.toMatchObject({ code: 'NOT_READABLE' });
    expect(() => new ManifestFileWriter(path)).toThrow(
      expect.objectContaining({ code: 'NOT_READABLE' }),
    );
  });
});
