import { describe, expect, test } from 'vitest';
import { fileAt } from '../classes/excerpt.fixture.js';
import type { Finding } from '../difference.js';
import { investigate } from './investigate.js';
import { MemoryAsker } from './memory-asker.fixture.js';

const MIB = 1024 ** 2;

async function look(
  left: Readonly<Record<string, Uint8Array>>,
  right: Readonly<Record<string, Uint8Array>>,
): Promise<{ findings: readonly Finding[]; sentBytes: number; questions: number }> {
  const [a, b] = [new MemoryAsker(left), new MemoryAsker(right)];
  const differences = Object.keys(left).map((path) => fileAt(path));
  const findings = await investigate({ differences, left: a, right: b });
  const sentBytes = a.sentBytes + b.sentBytes;
  return { findings, sentBytes, questions: a.questions + b.questions };
}

function changed(bytes: Uint8Array, at: number, part: string): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(Buffer.from(part), at);
  return copy;
}

describe('a file that differs', () => {
  test('is read whole where it is small', async () => {
    const { findings } = await look(
      { 'etc/list': Buffer.from('b\na\nc\n') },
      { 'etc/list': Buffer.from('a\nb\nc\n') },
    );
    expect(findings).toMatchObject([
      { class: 'ordering', diff: expect.stringContaining('@@') as string },
    ]);
  });

  test('is read whole where it is a text of some pages', async () => {
    const lines = Array.from({ length: 2000 }, (_, index) => `line ${index}`);
    const [left, right] = [lines, lines.toReversed()].map((each) => Buffer.from(each.join('\n')));
    const { findings } = await look({ x: left! }, { x: right! });
    expect(findings).toMatchObject([{ class: 'ordering' }]);
  });

  test.for([0, 7, 8, 11])('is looked into at %i MiB by a few kilobytes', async (mib) => {
    const bytes = new Uint8Array(11 * MIB + 12_345).fill(7);
    const at = mib * MIB + 70_000 > bytes.length ? bytes.length - 200 : mib * MIB + 70_000;
    const [left, right] = ['2026-11-21T20:10:00Z', '2026-11-21T20:12:07Z'].map((text) =>
      changed(bytes, at, `\0${text}\0`),
    );
    const { findings, sentBytes } = await look({ x: left! }, { x: right! });
    expect(findings).toMatchObject([{ class: 'timestamp' }]);
    expect(sentBytes).toBeLessThan(96 * 1024);
  });

  test('of an ELF tells the section', async () => {
    const [left, right] = [elf('GCC: 1.2.3'), elf('GCC: 1.2.4')];
    const { findings } = await look({ 'bin/x': left }, { 'bin/x': right });
    expect(findings).toMatchObject([
      {
        class: 'package-version',
        detail: expect.stringMatching(/^in the section \.comment: /) as string,
      },
    ]);
  });

  test('costs its bytes alone where a side does not answer', async () => {
    const { findings } = await look(
      { x: Buffer.from('a'), y: Buffer.from('1\n2') },
      { y: Buffer.from('2\n1') },
    );
    expect(findings.map(({ class: kind, detail }) => [kind, detail])).toEqual([
      ['unknown', 'its bytes could not be read: no such file'],
      ['ordering', expect.anything()],
    ]);
  });

  test('that another difference lies in is not asked for', async () => {
    const [left, right] = [new MemoryAsker({}), new MemoryAsker({})];
    const outer = { ...fileAt(''), location: ['', '', 'root.img'] };
    const inner = fileAt('etc/x', { aspects: ['mode'], left: { mode: '1' }, right: { mode: '2' } });
    const findings = await investigate({ differences: [outer, inner], left, right });
    expect(left.questions).toBe(0);
    expect(findings.map(({ class: kind, impliedBy }) => [kind, impliedBy])).toEqual([
      ['mode-owner', undefined],
      ['unknown', inner.location],
    ]);
  });

  test('finds its digest where it is written', async () => {
    const root = { ...fileAt('root.img'), location: ['', '', 'other.bin'] };
    const digests = [root.left?.['content'], root.right?.['content']].map(String);
    const sums = fileAt('SUMS');
    const findings = await investigate({
      differences: [sums, root],
      left: new MemoryAsker({
        SUMS: Buffer.from(`${digests[0]} x\n`),
        'other.bin': Buffer.from('1'),
      }),
      right: new MemoryAsker({
        SUMS: Buffer.from(`${digests[1]} x\n`),
        'other.bin': Buffer.from('2'),
      }),
    });
    expect(findings).toMatchObject([
      { difference: root },
      { difference: sums, class: 'embedded-hash', impliedBy: root.location },
    ]);
  });

  test('one name of two versions is a package of two versions', async () => {
    const only = [
      fileAt('pool/foo_1.2.deb', { aspects: ['presence'], right: null }),
      fileAt('pool/foo_1.3.deb', { aspects: ['presence'], left: null }),
      fileAt('run/lock', { aspects: ['presence'], left: null }),
    ];
    const asker = new MemoryAsker({});
    const findings = await investigate({ differences: only, left: asker, right: asker });
    expect(findings.map((finding) => finding.class)).toEqual([
      ...['package-version', 'package-version', 'only-in-one'],
    ]);
  });

  test('ends where it is told to', async () => {
    const asker = new MemoryAsker({ x: Buffer.from('1') });
    const signal = AbortSignal.abort(new Error('stopped'));
    const asked = investigate({ differences: [fileAt('x')], left: asker, right: asker, signal });
    await expect(asked).rejects.toThrow('stopped');
  });

  test('by the thousand is asked for within limits', async () => {
    const differences = Array.from({ length: 3000 }, (_, index) => fileAt(`f${index}`));
    const asker = new MemoryAsker({});
    const findings = await investigate({ differences, left: asker, right: asker });
    expect(asker.questions).toBeLessThanOrEqual(2 * 48);
    expect(findings).toHaveLength(2000);
  });
});

/** An ELF of 64 bits with the sections nothing, `.comment` and `.shstrtab`. */
function elf(comment: string): Uint8Array {
  const bytes = Buffer.alloc(8192);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeBigUInt64LE(1024n, 40);
  bytes.writeUInt16LE(64, 58);
  bytes.writeUInt16LE(3, 60);
  bytes.writeUInt16LE(2, 62);
  const names = '\0.comment\0.shstrtab\0';
  bytes.write(names, 512, 'latin1');
  bytes.write(`\0\u0001${comment}\0`, 6000, 'latin1');
  const section = (index: number, name: number, offset: number, size: number): void => {
    const at = 1024 + index * 64;
    bytes.writeUInt32LE(name, at);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeBigUInt64LE(BigInt(offset), at + 24);
    bytes.writeBigUInt64LE(BigInt(size), at + 32);
  };
  section(1, 1, 6000, 64);
  section(2, 10, 512, names.length);
  return bytes;
}
