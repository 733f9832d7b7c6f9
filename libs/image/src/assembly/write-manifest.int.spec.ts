import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { type ManifestLimits, openArtifact, writeManifest } from '../index.js';
import { readTree } from './manifest-tree.fixture.js';
import { archive, makeDisk } from './small-artifact.fixture.js';

let dir = '';
const at = (name: string) => join(dir, name);
const refusal = (code: string) => expect.objectContaining({ name: 'ImageError', code }) as Error;

async function write(path: string, limits: Partial<ManifestLimits> = {}, signal?: AbortSignal) {
  return writeManifest({
    ...{ path, into: at('a.manifest'), spoolDir: at('spool'), limits },
    ...(signal !== undefined && { signal }),
  });
}

async function treeOf(path: string) {
  await write(path);
  return readTree(at('a.manifest'));
}

async function insideOf(path: string) {
  return (await treeOf(path)).artifact.inside;
}

const GNU_SPARSE = ['--format=gnu', '--sparse', '--hole-detection=raw'];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'manifest-'));
  await makeDisk(dir);
  await archive(dir, 'disk.tar', ...GNU_SPARSE);
  await execa('zstd', ['--quiet', '--keep', at('disk.tar')]);
  await execa('gzip', ['--keep', at('disk.tar')]);
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

describe('the manifest of an artifact', () => {
  test('names every file of every filesystem in it, by what it holds', async () => {
    const { artifact, nodes } = await treeOf(at('disk.tar.zst'));
    const bytes = readFileSync(at('disk.tar.zst'));
    expect(artifact.attributes).toEqual({ size: bytes.length, content: sha256(bytes) });
    const disk = ' >  > disk.img';
    const content = (location: string) => nodes.get(`${disk} > ${location}`)?.attributes['content'];
    const notes = sha256(readFileSync(at('tree/notes')));
    expect(content('partition-1 > NOTES')).toBe(notes);
    expect(content('partition-1 > EFI/a long file name.txt')).toBe(sha256('builder\n'));
    expect(content('partition-2 > etc/hostname')).toBe(sha256('builder\n'));
    expect(content('partition-2 > notes.gz > ')).toBe(notes);
    expect(nodes.get(disk)?.inside?.attributes).toMatchObject({ backup: 'same' });
    expect(nodes.get(`${disk} > partition-1`)).toMatchObject({
      kind: 'partition',
      attributes: { label: 'esp', first: 2048, last: 6143 },
      inside: { form: 'fat', attributes: { label: 'EFI', 'volume-id': '12345678' } },
    });
    expect(nodes.get(' >  > VERSION.TXT')?.attributes).toMatchObject({ size: 41, mode: '0644' });
  });

  test('is the same one whenever it is made, and leaves no temporary file', async () => {
    const { root, nodes } = await write(at('disk.tar.zst'));
    expect(await write(at('disk.tar.zst'))).toMatchObject({ root, nodes });
    expect(readdirSync(at('spool'))).toEqual([]);
  });

  test('tells another compression as that alone', async () => {
    await execa('zstd', ['--quiet', '-19', '--force', '-o', at('19.tar.zst'), at('disk.tar')]);
    const [one, other] = [await insideOf(at('disk.tar.zst')), await insideOf(at('19.tar.zst'))];
    expect(other?.members).toBe(one?.members);
    expect(other?.attributes['stream']).not.toBe(one?.attributes['stream']);
    const zipped = await insideOf(at('disk.tar.gz'));
    expect(zipped?.members).toBe(one?.members);
    expect(zipped?.attributes).toMatchObject({ name: 'disk.tar', os: 3 });
  });

  test.each([
    ['gnu', ['--format=gnu']],
    ['pax-1.0', ['--format=posix', '--sparse-version=1.0']],
    ['pax-0.1', ['--format=posix', '--sparse-version=0.1']],
    ['pax-0.0', ['--format=posix', '--sparse-version=0.0']],
  ])('has one content and one hole map for a sparse member, as %s too', async (form, options) => {
    const path = await archive(dir, 'sparse.tar', '--sparse', '--hole-detection=raw', ...options);
    const { nodes } = await treeOf(path);
    const member = nodes.get(' > disk.img');
    const reference = (await treeOf(at('disk.tar'))).nodes.get(' > disk.img');
    expect(member?.attributes).toMatchObject({ sparse: form, size: 9 * 1024 ** 2 });
    expect(member?.inside).toEqual(reference?.inside);
    expect(member?.attributes['holes']).toBe(reference?.attributes['holes']);
  });

  test('tells owner, time and order of members apart from their header', async () => {
    const options = [...GNU_SPARSE, '--owner=alice:7', '--mtime=@5'];
    const { artifact, nodes } = await treeOf(await archive(dir, 'owned.tar', ...options));
    const plain = await treeOf(at('disk.tar'));
    const [mine, before] = [nodes, plain.nodes].map((all) => all.get(' > VERSION.TXT')?.attributes);
    expect(mine).toMatchObject({ user: 'alice', uid: 7, mtime: 5, header: before?.['header'] });
    expect(artifact.inside?.attributes).toEqual(plain.artifact.inside?.attributes);
  });

  test('keeps sub-seconds and extended attributes of pax archives', async () => {
    const record = (text: string) => `${text.length + 4} ${text}\n`;
    const records = record('mtime=5.25') + record('SCHILY.xattr.user.who=me\u0001');
    const path = at('pax.tar');
    writeFileSync(path, tarOf(['x', 'pax', records], ['0', 'file', 'content']));
    const { attributes } = (await treeOf(path)).nodes.get(' > file')!;
    expect(attributes).toMatchObject({ mtime: '5.25', content: sha256('content') });
    expect(attributes['xattr.user.who']).toBe(`sha256:${sha256('me\u0001')}`);
  });

  test('says of a file that is no container what it holds', async () => {
    const { artifact } = await treeOf(at('VERSION.TXT'));
    expect(artifact).toEqual({
      ...{ path: '', kind: 'file' },
      attributes: { size: 41, content: sha256(readFileSync(at('VERSION.TXT'))) },
    });
  });
});

describe('one changed byte', () => {
  test('anywhere in an archive changes what the manifest says of its inside', async () => {
    const plain = readFileSync(at('disk.tar'));
    const inside = await insideOf(at('disk.tar'));
    await fc.assert(
      fc.asyncProperty(fc.nat(plain.length - 1), fc.integer({ min: 1, max: 255 }), async (i, x) => {
        const changed = Buffer.from(plain);
        changed[i]! ^= x;
        writeFileSync(at('changed.tar'), changed);
        expect(await insideOf(at('changed.tar'))).not.toEqual(inside);
      }),
      { numRuns: 60 },
    );
  });

  test('anywhere in an artifact changes its root', async () => {
    const packed = readFileSync(at('disk.tar.zst'));
    const { root } = await write(at('disk.tar.zst'));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(packed.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (i, x) => {
          const changed = Buffer.from(packed);
          changed[i]! ^= x;
          writeFileSync(at('changed.tar.zst'), changed);
          expect((await write(at('changed.tar.zst'))).root).not.toBe(root);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('what a hostile artifact comes to', () => {
  const unread = async (path: string) => (await treeOf(path)).artifact.attributes['unread'];

  test('cut anywhere: its own digest, and why it was not read', async () => {
    const plain = readFileSync(at('disk.tar.zst'));
    writeFileSync(at('cut.tar.zst'), plain.subarray(0, plain.length / 2));
    expect(await unread(at('cut.tar.zst'))).toBe('TRUNCATED');
    writeFileSync(at('cut.tar'), readFileSync(at('disk.tar')).subarray(0, 40_000));
    expect(await unread(at('cut.tar'))).toBe('TRUNCATED');
    expect(readdirSync(at('spool'))).toEqual([]);
  });

  test('a broken archive in a whole stream: the digest of all that came out of it', async () => {
    const broken = readFileSync(at('disk.tar')).subarray(0, 40_000);
    writeFileSync(at('broken.tar'), broken);
    await execa('zstd', ['--quiet', '--force', at('broken.tar')]);
    const { nodes } = await treeOf(at('broken.tar.zst'));
    expect(nodes.get(' > ')?.attributes).toEqual({
      ...{ size: broken.length, content: sha256(broken), unread: 'TRUNCATED' },
    });
  });

  test.each(['/etc/passwd', '../up', 'a/../../b'])('a member named %j: refused', async (name) => {
    writeFileSync(at('named.tar'), tarOf(['0', name, 'x']));
    expect(await unread(at('named.tar'))).toBe('BAD_MEMBER_NAME');
  });

  test('a name twice, a name in no letters: two paths, an escaped one', async () => {
    const name = 'bell\u0007';
    writeFileSync(at('twice.tar'), tarOf(['0', 'a', '1'], ['0', 'a', '2'], ['0', name, '3']));
    const { nodes } = await treeOf(at('twice.tar'));
    expect([...nodes.keys()].sort()).toEqual(['', ' > a', ' > a (2)', ' > bell\\x07']);
    expect(nodes.get(' > a (2)')?.attributes).toMatchObject({
      content: sha256('2'),
      repeated: 'a',
    });
  });

  test.each([
    ['that overlap', '0,10,5,10', 20],
    ['beyond the end', '0,10,90,20', 20],
    ['longer than what is stored', '0,10,20,20', 20],
    ['half a range', '0,10,20', 10],
  ])('a sparse map with ranges %s: refused', async (_, map, bytes) => {
    const records = [`GNU.sparse.map=${map}`, 'GNU.sparse.size=100', 'GNU.sparse.numblocks=2'];
    const text = records.map((record) => `${record.length + 4} ${record}\n`).join('');
    writeFileSync(at('map.tar'), tarOf(['x', 'pax', text], ['0', 'file', 'x'.repeat(bytes)]));
    expect(await unread(at('map.tar'))).toBe('CORRUPT');
  });

  test('a bomb: not read, and ended before it fills anything', async () => {
    await execa('truncate', ['--size=300M', at('zeros')]);
    await execa('zstd', ['--quiet', '--force', at('zeros')]);
    const limits = { maxRatio: 1000 };
    await write(at('zeros.zst'), limits);
    const { artifact } = await readTree(at('a.manifest'));
    expect(artifact.attributes['unread']).toBe('TOO_LARGE');
    await expect(write(at('zeros.zst'), { maxRatio: 1e6, maxBytes: 1e8 })).rejects.toThrow(
      refusal('TOO_LARGE'),
    );
  });

  test('containers within containers within containers: read as deep as allowed', async () => {
    let bytes = Buffer.from('the middle');
    for (let depth = 0; depth < 20; depth += 1) bytes = tarOf(['0', 'inner.tar', bytes]);
    writeFileSync(at('deep.tar'), bytes);
    const { nodes } = await treeOf(at('deep.tar'));
    expect(nodes.size).toBe(13);
  });

  test('more members than allowed, or an interruption: an end of the whole', async () => {
    await expect(write(at('disk.tar.zst'), { maxNodes: 10 })).rejects.toThrow(
      refusal('TOO_MANY_MEMBERS'),
    );
    await expect(write(at('disk.tar.zst'), { maxSpoolBytes: 1000 })).rejects.toThrow(
      refusal('TOO_LARGE'),
    );
    await expect(write(at('disk.tar.zst'), {}, AbortSignal.abort())).rejects.toThrow(
      refusal('INTERRUPTED'),
    );
    await expect(write(at('absent'))).rejects.toThrow(refusal('NOT_READABLE'));
    expect(readdirSync(at('spool'))).toEqual([]);
    expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('the bytes of one node', () => {
  test('are found again, however deep it lies', async () => {
    const artifact = await openArtifact(at('disk.tar.zst'), { spoolDir: at('spool') });
    const bytes = async (...location: string[]) =>
      Buffer.from(await artifact.bytes(['', '', ...location], 2, 5)).toString();
    expect(await bytes('disk.img', 'partition-1', 'EFI/a long file name.txt')).toBe('ilder');
    expect(await bytes('disk.img', 'partition-2', 'etc/hostname')).toBe('ilder');
    expect(await bytes('disk.img', 'partition-2', 'notes.gz', '')).toBe('line ');
    expect(await bytes('VERSION.TXT')).toBe('aaaaa');
    const notes = readFileSync(at('tree/notes'));
    const location = ['', '', 'disk.img', 'partition-1', 'NOTES'];
    expect(await artifact.chunkDigests(location, 4096, 1, 5)).toEqual({
      sizeBytes: notes.length,
      digests: [sha256(notes.subarray(4096, 8192)), sha256(notes.subarray(8192))],
    });
    await expect(bytes('no such file')).rejects.toThrow(refusal('MEMBER_MISSING'));
    await expect(bytes('VERSION.TXT', 'within')).rejects.toThrow(refusal('MEMBER_MISSING'));
    await artifact.close();
    expect(readdirSync(at('spool'))).toEqual([]);
  });
});

/** An archive of members by type, name and content, written without asking whether it makes sense. */
function tarOf(...members: (readonly [type: string, name: string, content: string | Buffer])[]) {
  const blocks = members.flatMap(([type, name, content]) => {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(['0000644', '0000000', '0000000', ''].join('\x00'), 100, 'latin1');
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\x00${'0'.repeat(11)}\x00`, 124);
    header.write(`        ${type}`, 148);
    header.write('ustar\x0000', 257, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
