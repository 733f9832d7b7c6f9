import fc from 'fast-check';
import { type Header, pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { type TarMember, TarReader } from './tar-reader.js';

async function tarOf(
  ...entries: (Partial<Header> & { name: string; content?: string })[]
): Promise<Buffer> {
  const stream = pack();
  for (const { content, ...header } of entries) stream.entry(header, content ?? '');
  stream.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function read(file: Buffer, chunkBytes = file.length || 1): TarMember[] {
  const members: TarMember[] = [];
  const reader = new TarReader((member) => members.push(member));
  for (let at = 0; at < file.length; at += chunkBytes) {
    reader.push(file.subarray(at, at + chunkBytes));
  }
  reader.end();
  return members;
}

const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('a tar stream', () => {
  const long = `${'folder/'.repeat(40)}boot.img`;

  test('is read alike whatever the chunks are, long names included', async () => {
    const file = await tarOf(
      { name: 'folder/', type: 'directory' },
      { name: './root.img', content: 'r'.repeat(1025) },
      { name: long, content: 'b' },
      { name: 'VERSION.TXT', content: '' },
      { name: 'link', type: 'symlink', linkname: 'root.img' },
    );
    const members = read(file);
    expect(members.map(({ name, isFile, sizeBytes }) => [name, isFile, sizeBytes])).toEqual([
      ['folder', false, 0],
      ['root.img', true, 1025],
      [long, true, 1],
      ['VERSION.TXT', true, 0],
      ['link', false, 0],
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (chunkBytes) => {
        expect(read(file, chunkBytes)).toEqual(members);
      }),
    );
  });

  test('cut anywhere before the end of its closing zeros, is refused', async () => {
    const file = await tarOf({ name: 'a', content: 'hello' }, { name: 'b', content: 'b' });
    for (let length = 0; length < file.length; length += 1) {
      expect(() => read(file.subarray(0, length))).toThrow(refusal('TRUNCATED'));
    }
  });

  test('may go on with zeros to the end of its record, and with nothing else', async () => {
    const file = await tarOf({ name: 'a', content: 'hello' });
    expect(read(Buffer.concat([file, Buffer.alloc(512 * 9)]))).toHaveLength(1);
    expect(() => read(Buffer.concat([file, Buffer.alloc(511)]))).toThrow(refusal('TRUNCATED'));
    expect(() => read(Buffer.concat([file, file]))).toThrow(refusal('NOT_AN_ARCHIVE'));
  });

  test.each(['/etc/passwd', '../up', 'a/../../b', 'tab\there', 'escape\u001b[2J'])(
    'with a member named %j is refused',
    async (name) => {
      const file = await tarOf({ name, content: 'x' });
      expect(() => read(file)).toThrow(refusal('BAD_MEMBER_NAME'));
    },
  );

  test('with a member name that is not UTF-8 is refused', async () => {
    const file = await tarOf({ name: 'name', content: 'x' });
    file[0] = 0xff;
    file.write((fileSum(file) + 0).toString(8).padStart(6, '0') + '\0 ', 148, 'latin1');
    expect(() => read(file)).toThrow(refusal('BAD_MEMBER_NAME'));
  });

  test('with one flipped bit in a header is refused', async () => {
    const file = await tarOf({ name: 'name', content: 'x' });
    file[1]! ^= 1;
    expect(() => read(file)).toThrow(refusal('NOT_AN_ARCHIVE'));
  });

  test('of any bytes ends in a typed refusal, never in another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2048 }), (bytes) => {
        expect(() => read(Buffer.from(bytes))).toThrow(
          expect.objectContaining({ name: 'ImageError' }),
        );
      }),
    );
  });

  test('with any byte of it changed is read or refused with a typed error', async () => {
    const file = await tarOf({ name: long, content: 'x' }, { name: 'a', content: 'y' });
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(file);
        changed[at] = value;
        try {
          read(changed);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ImageError' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function fileSum(file: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < 512; at += 1) if (at < 148 || at >= 156) sum += file[at]!;
  return sum;
}
