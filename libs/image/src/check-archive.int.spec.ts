import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkArchive, type ArchiveExpectation } from './index.js';

const MEMBERS = ['boot.img', 'root.img', 'VERSION.TXT'];
let dir = '';
const at = (name: string) => join(dir, name);
const refusal = (code: string) => expect.objectContaining({ name: 'ImageError', code }) as Error;

/** Bytes that do not compress, the same on every run. */
function noise(bytes: number, seed: string): Buffer {
  const blocks: Buffer[] = [];
  for (let index = 0; index * 32 < bytes; index += 1) {
    blocks.push(createHash('sha256').update(`${seed} ${index}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, bytes);
}

/** A file of many holes, so that its sparse map needs extension blocks. */
function writeSparse(path: string, islands: number): void {
  const file = openSync(path, 'w');
  for (let index = 0; index < islands; index += 1) {
    writeSync(file, noise(4096, `${path} ${index}`), 0, 4096, index * 65536);
  }
  ftruncateSync(file, islands * 65536 + 12_345);
  closeSync(file);
}

async function tar(archive: string, ...options: string[]): Promise<void> {
  await execa('tar', [...options, '--create', '--file', at(archive), ...MEMBERS], { cwd: dir });
}

async function check(name: string, more: Partial<ArchiveExpectation> = {}) {
  return checkArchive(at(name), { members: MEMBERS, ...more });
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'image-'));
  writeSparse(at('boot.img'), 60);
  writeFileSync(at('root.img'), noise(70_000, 'root'));
  writeFileSync(at('VERSION.TXT'), 'f'.repeat(40));
  await tar('plain.tar', '--format=gnu');
  await execa('gzip', ['--keep', '--no-name', at('plain.tar')]);
  await execa('zstd', ['--quiet', '--keep', at('plain.tar')]);
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

describe('a complete archive', () => {
  test.each(['plain.tar', 'plain.tar.gz', 'plain.tar.zst'])(
    '%s is read to its end',
    async (name) => {
      const contents = await check(name);
      expect(contents.members.map((member) => [member.name, member.sizeBytes])).toEqual(
        MEMBERS.map((member) => [member, statSync(at(member)).size]),
      );
      expect(contents.compressedBytes).toBe(statSync(at(name)).size);
      expect(contents.tarBytes).toBe(statSync(at('plain.tar')).size);
    },
  );

  test.each([
    ['gnu', ['--format=gnu']],
    ['gnu raw', ['--format=gnu', '--hole-detection=raw']],
    ['pax 1.0', ['--format=posix', '--sparse-version=1.0']],
    ['pax 0.1', ['--format=posix', '--sparse-version=0.1']],
    ['pax 0.0', ['--format=posix', '--sparse-version=0.0']],
  ])('with sparse members (%s) has their real sizes', async (_, options) => {
    await tar('sparse.tar', '--sparse', ...options);
    const { members } = await check('sparse.tar');
    expect(members.map((member) => [member.name, member.sizeBytes])).toEqual(
      MEMBERS.map((member) => [member, statSync(at(member)).size]),
    );
    expect(members[0]!.storedBytes).toBeLessThan(members[0]!.sizeBytes / 4);
  });

  test('made of the folder itself is understood', async () => {
    await execa('tar', [
      '--create',
      '--file',
      at('dot.tar'),
      '-C',
      dir,
      './VERSION.TXT',
      './root.img',
    ]);
    const { members } = await check('dot.tar', { members: ['VERSION.TXT', 'root.img'] });
    expect(members).toHaveLength(2);
  });

  test('in several zstd frames, skippable ones among them, is read to its end', async () => {
    const plain = readFileSync(at('plain.tar'));
    const frames: Buffer[] = [Buffer.from('502a4d1802000000abcd', 'hex')];
    for (let from = 0; from < plain.length; from += 500_000) {
      writeFileSync(at('part'), plain.subarray(from, from + 500_000));
      await execa('zstd', ['--quiet', '--force', at('part')]);
      frames.push(readFileSync(at('part.zst')));
    }
    writeFileSync(at('frames.tar.zst'), Buffer.concat(frames));
    expect((await check('frames.tar.zst')).tarBytes).toBe(plain.length);
    // Cut between two frames, where every frame that is left is whole.
    writeFileSync(at('frames-cut.tar.zst'), Buffer.concat(frames.slice(0, -1)));
    await expect(check('frames-cut.tar.zst')).rejects.toThrow(refusal('TRUNCATED'));
  });
});

describe('a part of an archive', () => {
  test.each(['plain.tar.gz', 'plain.tar.zst'])('%s, cut anywhere, is refused', async (name) => {
    const whole = readFileSync(at(name));
    const cut = async (length: number) => {
      writeFileSync(at(`cut-${name}`), whole.subarray(0, length));
      await expect(check(`cut-${name}`)).rejects.toThrow(refusal('TRUNCATED'));
    };
    for (let lost = 1; lost <= 40; lost += 1) await cut(whole.length - lost);
    for (let length = 0; length <= 40; length += 1) await cut(length);
    await fc.assert(fc.asyncProperty(fc.nat(whole.length - 1), cut), { numRuns: 60 });
  });

  test('a tar cut anywhere before the end of its closing blocks is refused', async () => {
    const whole = readFileSync(at('plain.tar'));
    let content = whole.length;
    while (whole[content - 1] === 0) content -= 1;
    const closed = Math.ceil(content / 512) * 512 + 1024;
    await fc.assert(
      fc.asyncProperty(fc.nat(closed - 1), async (length) => {
        writeFileSync(at('cut.tar'), whole.subarray(0, length));
        await expect(check('cut.tar')).rejects.toThrow(refusal('TRUNCATED'));
      }),
      { numRuns: 60 },
    );
  });

  test.each(['plain.tar.gz', 'plain.tar.zst', 'plain.tar'])(
    '%s with something after its end is refused',
    async (name) => {
      const whole = readFileSync(at(name));
      for (const tail of [Buffer.from('x'), Buffer.alloc(200_000, 7), Buffer.alloc(512, 1)]) {
        writeFileSync(at(`tail-${name}`), Buffer.concat([whole, tail]));
        await expect(check(`tail-${name}`)).rejects.toThrow(
          expect.objectContaining({ name: 'ImageError' }),
        );
      }
    },
  );

  test.each([1, 700, 200_000])(
    'a gzip file with %i zeros after its end is refused',
    async (zeros) => {
      const whole = readFileSync(at('plain.tar.gz'));
      writeFileSync(at('zeros.tar.gz'), Buffer.concat([whole, Buffer.alloc(zeros)]));
      await expect(check('zeros.tar.gz')).rejects.toThrow(refusal('NOT_AN_ARCHIVE'));
    },
  );

  test.each(['plain.tar.gz', 'plain.tar.zst'])(
    '%s with a changed byte is refused',
    async (name) => {
      const whole = readFileSync(at(name));
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 600, max: whole.length - 600 }), async (offset) => {
          const changed = Buffer.from(whole);
          changed[offset]! ^= 0x55;
          writeFileSync(at(`changed-${name}`), changed);
          await expect(check(`changed-${name}`)).rejects.toThrow(
            expect.objectContaining({ name: 'ImageError' }),
          );
        }),
        { numRuns: 20 },
      );
    },
  );
});

describe('an archive is refused', () => {
  test('when a required member is missing, empty, repeated or no file', async () => {
    await expect(check('plain.tar', { members: ['disk.img'] })).rejects.toThrow(
      refusal('MEMBER_MISSING'),
    );
    writeFileSync(at('empty.img'), '');
    await execa('ln', ['--symbolic', '--force', 'root.img', at('link.img')]);
    await execa('tar', ['-C', dir, '-cf', at('odd.tar'), 'empty.img', 'link.img', 'root.img']);
    await execa('tar', ['-C', dir, '-rf', at('odd.tar'), 'root.img']);
    const odd = async (member: string) => check('odd.tar', { members: [member] });
    await expect(odd('empty.img')).rejects.toThrow(refusal('MEMBER_EMPTY'));
    await expect(odd('link.img')).rejects.toThrow(refusal('MEMBER_MISSING'));
    await expect(odd('root.img')).rejects.toThrow(refusal('MEMBER_REPEATED'));
  });

  test('when it is larger than allowed, in bytes, by ratio or in members', async () => {
    await expect(check('plain.tar.zst', { maxBytes: 1_000_000 })).rejects.toThrow(
      refusal('TOO_LARGE'),
    );
    await expect(check('plain.tar.zst', { maxMembers: 2 })).rejects.toThrow(
      refusal('TOO_MANY_MEMBERS'),
    );
    await execa('truncate', ['--size=200M', at('bomb')]);
    await execa('tar', ['-C', dir, '--zstd', '-cf', at('bomb.tar.zst'), 'bomb']);
    await expect(check('bomb.tar.zst', { members: ['bomb'], maxRatio: 1000 })).rejects.toThrow(
      refusal('TOO_LARGE'),
    );
  });

  test('when its content is not what its name says', async () => {
    writeFileSync(at('misnamed.tar.zst'), readFileSync(at('plain.tar.gz')));
    await expect(check('misnamed.tar.zst')).rejects.toThrow(refusal('NOT_AN_ARCHIVE'));
    writeFileSync(at('page.tar'), '<html>'.repeat(1000));
    await expect(check('page.tar')).rejects.toThrow(refusal('NOT_AN_ARCHIVE'));
    await expect(check('VERSION.TXT')).rejects.toThrow(refusal('NOT_AN_ARCHIVE'));
  });

  test('when it is no readable file: absent, a folder, a pipe', async () => {
    await expect(check('absent.tar')).rejects.toThrow(refusal('NOT_READABLE'));
    await execa('mkdir', ['-p', at('folder.tar')]);
    await expect(check('folder.tar')).rejects.toThrow(refusal('NOT_READABLE'));
    await execa('mkfifo', [at('pipe.tar')]);
    await expect(check('pipe.tar')).rejects.toThrow(refusal('NOT_READABLE'));
  });

  test('when reading is interrupted', async () => {
    await expect(check('plain.tar.zst', { signal: AbortSignal.abort() })).rejects.toThrow(
      refusal('INTERRUPTED'),
    );
  });
});
