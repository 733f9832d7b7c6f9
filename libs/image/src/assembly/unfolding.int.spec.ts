import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { openFileSource } from '../byte-source.js';
import { makeImage } from '../ext4/images.fixture.js';
import { type ManifestLimits, writeManifest } from '../index.js';
import { Assembler } from './assembler.js';
import { Budget } from './budget.js';
import { readExt4Container } from './ext4-container.js';
import { readTree } from './manifest-tree.fixture.js';
import { makeDisk, PLACES } from './small-artifact.fixture.js';
import { TarIntake } from './tar-intake.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const SPARSE = ['--format=gnu', '--sparse', '--hard-dereference'];

let dir = '';
const at = (name: string) => join(dir, name);
const refusal = (code: string) => expect.objectContaining({ name: 'ImageError', code }) as Error;

async function write(path: string, limits: Partial<ManifestLimits> = {}) {
  return writeManifest({ path, into: at('a.manifest'), spoolDir: at('spool'), limits });
}

async function treeOf(path: string) {
  await write(path);
  return readTree(at('a.manifest'));
}

/** A file that is a hole but for its first byte, or a hole alone. */
function sparseFile(name: string, sizeBytes: number, first: string | Buffer = ''): string {
  writeFileSync(at(name), first);
  truncateSync(at(name), sizeBytes);
  return at(name);
}

async function packed(archive: string, ...files: string[]): Promise<string> {
  await execa('tar', [...SPARSE, '--create', '--file', archive, ...files], { cwd: dir });
  await execa('zstd', ['--quiet', '--force', archive], { cwd: dir });
  return at(`${archive}.zst`);
}

/** An ext4 image with a file that is a hole. */
async function imageWithHole(name: string, holeBytes: number, size: string): Promise<string> {
  mkdirSync(at(`${name}-tree`));
  sparseFile(`${name}-tree/hole`, holeBytes);
  await makeImage(at(name), ['-t', 'ext4'], { tree: at(`${name}-tree`), size });
  return at(name);
}

function assembler(signal?: AbortSignal): Assembler {
  const sink = { page: () => undefined };
  return new Assembler(sink as never, new Budget({}, signal, GIB), at('spool'), false, null);
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'unfolding-'));
  await makeDisk(dir);
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

describe('what comes out of an artifact is counted', () => {
  test('in filesystems within filesystems, holes included', async () => {
    const inner = await imageWithHole('inner', 60 * MIB, '1M');
    mkdirSync(at('eight'));
    for (let nth = 0; nth < 8; nth += 1) cpSync(inner, at(`eight/${nth}.img`));
    await makeImage(at('outer'), ['-t', 'ext4'], { tree: at('eight'), size: '16M' });
    await expect(write(at('outer'), { maxBytes: 400 * MIB })).rejects.toThrow(refusal('TOO_LARGE'));
    await write(at('outer'), { maxBytes: 500 * MIB });
    const { nodes } = await readTree(at('a.manifest'));
    const hole = nodes.get(' > 7.img > hole')?.attributes;
    expect(hole).toMatchObject({ size: 60 * MIB, content: sha256(Buffer.alloc(60 * MIB)) });
  });

  test('in the files of FAT, and of all partitions together', async () => {
    const notesBytes = readFileSync(at('tree/notes')).length;
    const few = { maxBytes: notesBytes - 1 };
    await expect(write(at('esp.img'), few)).rejects.toThrow(refusal('TOO_LARGE'));
    const enoughForOne = { maxBytes: 1.5 * notesBytes };
    await write(at('esp.img'), enoughForOne);
    await expect(write(at('disk.img'), enoughForOne)).rejects.toThrow(refusal('TOO_LARGE'));
    await write(at('disk.img'), { maxBytes: 4 * notesBytes });
  });

  test('in partitions that nobody knows', async () => {
    const disk = readFileSync(at('disk.img'));
    const [start, lengthBytes] = PLACES.esp;
    disk.fill(1, start, start + lengthBytes);
    writeFileSync(at('unknown.img'), disk);
    await expect(write(at('unknown.img'), { maxBytes: lengthBytes - 1 })).rejects.toThrow(
      refusal('TOO_LARGE'),
    );
    await write(at('unknown.img'), { maxBytes: 2 * lengthBytes });
  });

  test('but not the artifact itself, which is there already', async () => {
    await write(sparseFile('plain', 2 * MIB, 'a'), { maxBytes: 1 });
  });
});

describe('holes beyond all ratio are not hashed', () => {
  test('in an archive: its content as it is, and why', async () => {
    sparseFile('vast', 20 * GIB, 'v');
    const { nodes } = await treeOf(await packed('vast.tar', 'vast'));
    expect(nodes.get(' > ')?.attributes).toEqual({
      ...{ size: 10_240, unread: 'TOO_LARGE' },
      content: sha256(readFileSync(at('vast.tar'))),
    });
  });

  test('nor where their beginning looks like that of a container', async () => {
    sparseFile('gzip-like', 40 * GIB, Buffer.from('1f8b08', 'hex'));
    const begunAt = performance.now();
    const { nodes } = await treeOf(await packed('gzip-like.tar', 'gzip-like'));
    expect(nodes.get(' > ')?.attributes).toMatchObject({ unread: 'TOO_LARGE' });
    // Hashing forty gibibytes takes minutes.
    expect(performance.now() - begunAt).toBeLessThan(10_000);
  });

  test('in a filesystem that is itself nearly all hole: that alone', async () => {
    await imageWithHole('wide', 17 * GIB, '300M');
    const { nodes } = await treeOf(await packed('wide.tar', 'wide', 'VERSION.TXT'));
    expect(nodes.get(' >  > wide')?.attributes).toMatchObject({ unread: 'TOO_LARGE' });
    expect(nodes.get(' >  > VERSION.TXT')?.attributes).toMatchObject({ size: 41 });
  });

  test('but an empty filesystem of 10 GiB in a small archive is read', async () => {
    await makeImage(at('empty'), ['-t', 'ext4'], { size: '10G' });
    const { nodes } = await treeOf(await packed('empty.tar', 'empty'));
    expect(nodes.get(' >  > empty')?.inside?.form).toBe('ext4');
  });
});

describe('a long hole', () => {
  test('and what follows it are one content, whatever waits meanwhile', async () => {
    const content = Buffer.alloc(90 * MIB);
    for (const place of [0, 40 * MIB, 40 * MIB + 100_000, 85 * MIB])
      content.fill('x', place, place + 5000);
    writeFileSync(at('islands'), content);
    await execa('fallocate', ['--dig-holes', at('islands')]);
    const { nodes } = await treeOf(
      await packed('islands.tar', 'islands', 'VERSION.TXT', 'islands'),
    );
    const digest = sha256(content);
    expect(nodes.get(' >  > islands')?.attributes).toMatchObject({ content: digest });
    expect(nodes.get(' >  > islands (2)')?.attributes).toMatchObject({ content: digest });
    expect(nodes.get(' >  > VERSION.TXT')?.attributes).toMatchObject({
      content: sha256(readFileSync(at('VERSION.TXT'))),
    });
  });

  test('in an image that streams by changes nothing of what is in it', async () => {
    await makeImage(at('streamed'), ['-t', 'ext4'], { tree: at('tree'), size: '100M' });
    const { artifact } = await treeOf(at('streamed'));
    const { nodes } = await treeOf(await packed('streamed.tar', 'streamed'));
    expect(nodes.get(' >  > streamed')?.inside).toEqual(artifact.inside);
  });

  test('of an archive ends where it is told to', async () => {
    sparseFile('long', 12 * GIB, 'l');
    await packed('long.tar', 'long');
    const caller = new AbortController();
    const intake = new TarIntake(assembler(caller.signal), 1);
    intake.data(readFileSync(at('long.tar')));
    setImmediate(() => {
      caller.abort();
    });
    await expect(intake.settle()).rejects.toThrow(refusal('INTERRUPTED'));
  });

  test('of a filesystem ends where it is told to, long before the file does', async () => {
    const source = openFileSource(await imageWithHole('slow', 2 * GIB, '32M'));
    const caller = new AbortController();
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (turns === 3) caller.abort();
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const reading = readExt4Container(assembler(caller.signal), source, 1);
    await expect(reading).rejects.toThrow(refusal('INTERRUPTED'));
    isOver = true;
    expect(turns).toBeLessThan(8);
    source.close();
  });
});
