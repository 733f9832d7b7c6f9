import { describe, expect, test } from 'vitest';
import { fileAt } from '../classes/excerpt.fixture.js';
import type { Finding } from '../difference.js';
import type { ByteAsker } from './byte-asker.js';
import { investigate } from './investigate.js';
import { MemoryAsker } from './memory-asker.fixture.js';
import { toldFile } from './told-file.fixture.js';

const MIB = 1024 ** 2;

async function look(
  left: Readonly<Record<string, Uint8Array>>,
  right: Readonly<Record<string, Uint8Array>>,
): Promise<{ findings: readonly Finding[]; sentBytes: number; questions: number }> {
  const [a, b] = [new MemoryAsker(left), new MemoryAsker(right)];
  const differences = Object.keys(left).map((path) =>
    toldFile(path, left[path]!, right[path] ?? left[path]!),
  );
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

  test('of an ELF tells each thing’s own section, and how many there are of a kind', async () => {
    const note = (bytes: Uint8Array, id: number): Uint8Array => bytes.fill(id, 700, 720);
    const [left, right] = [note(elf('GCC: 1.2.3'), 1), note(elf('GCC: 1.2.4'), 2)];
    const { findings } = await look({ 'bin/x': left }, { 'bin/x': right });
    expect(findings.map(({ class: kind, detail }) => [kind, detail])).toEqual([
      ['package-version', expect.stringMatching(/^in the section \.comment: /)],
      ['unknown', expect.stringMatching(/^from byte 700: /)],
    ]);
    const code = [left, right].map((bytes, side) => bytes.slice().fill(side, 6032, 6035));
    const both = await look({ 'bin/x': code[0]! }, { 'bin/x': code[1]! });
    expect(both.findings.at(-1)?.detail).toMatch(
      /^in the section \.comment, at 2 places, the first: from byte 700: /,
    );
  });

  test('that is no text tells in how many places, and shows the first', async () => {
    const left = new Uint8Array(9000).fill(7);
    const right = left.slice().fill(8, 100, 103).fill(9, 8000, 8003);
    const { findings } = await look({ x: left }, { x: right });
    expect(findings.map(({ detail }) => detail)).toEqual([
      'at 2 places, the first: from byte 100: 070707 on the left, 080808 on the right',
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
    const [one, other] = [Buffer.from('1'), Buffer.from('2')];
    const root = toldFile('other.bin', one, other);
    const digests = [root.left?.['content'], root.right?.['content']].map(String);
    const [left, right] = digests.map((digest) => Buffer.from(`${digest} x\n`));
    const sums = toldFile('SUMS', left!, right!);
    const findings = await investigate({
      differences: [sums, root],
      left: new MemoryAsker({ SUMS: left!, 'other.bin': one }),
      right: new MemoryAsker({ SUMS: right!, 'other.bin': other }),
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

  test('is not asked for once it is told to stop, and says so', async () => {
    const asker = new MemoryAsker({ x: Buffer.from('1') });
    const signal = AbortSignal.abort(new Error('stopped'));
    const asked = { differences: [fileAt('x')], left: asker, right: asker, signal };
    expect(await investigate(asked)).toMatchObject([{ class: 'unknown', notLookedAt: 'file' }]);
    expect(asker.questions).toBe(0);
  });

  test('by the thousand is asked for within limits, and the others are told as not looked at', async () => {
    const differences = Array.from({ length: 3000 }, (_, index) => fileAt(`f${index}`));
    const asker = new MemoryAsker({});
    const findings = await investigate({ differences, left: asker, right: asker });
    expect(asker.questions).toBeLessThanOrEqual(2 * 400);
    expect(findings).toHaveLength(3000);
    expect(findings.every(({ notLookedAt }) => notLookedAt === 'file')).toBe(true);
  });
});

describe('what differs of one file beside what was seen first', () => {
  const LINES = Array.from({ length: 4000 }, (_, index) => `line number ${index} of a script`);
  const script = (lines: readonly string[]): Uint8Array => Buffer.from(lines.join('\n'));
  const [early, late] = ['built at 2026-11-21T20:10:00Z', 'built at 2026-11-21T20:12:07Z'] as const;
  const classesOf = (findings: readonly Finding[]): string[] => findings.map((each) => each.class);

  const before = LINES.with(0, early);
  const after = LINES.with(0, late);

  test.each([
    ['in the place of another line', after.with(3000, 'evil'.padEnd(LINES[3000]!.length, '#'))],
    ['where it displaces the rest', after.toSpliced(3000, 0, 'evil')],
  ])('is seen far behind it, %s', async (_, lines) => {
    const { findings } = await look({ x: script(before) }, { x: script(lines) });
    expect(classesOf(findings)).toEqual(['timestamp', 'unknown']);
    expect(findings[1]?.detail).toContain('evil');
  });

  test('is nothing where the ends are the same, however the length of the stamp moves them', async () => {
    const longer = LINES.with(0, 'built at 2026-11-21T20:12:07.123Z');
    const { findings } = await look({ x: script(before) }, { x: script(longer) });
    expect(findings).toMatchObject([{ class: 'timestamp' }]);
  });

  test('is seen in machine code, in every piece', async () => {
    const bytes = new Uint8Array(300_000).fill(7);
    const left = changed(bytes, 1000, `\0${early}\0`);
    const right = changed(changed(bytes, 1000, `\0${late}\0`), 200_000, '\u0001\u0002\u0003');
    expect(classesOf((await look({ x: left }, { x: right })).findings)).toEqual([
      ...['timestamp', 'unknown'],
    ]);
  });

  test.each([
    [
      'more places than are read',
      (copy: Uint8Array) => copy.map((byte, at) => (at % 9000 === 0 ? 1 : byte)),
    ],
    ['a larger place than is read', (copy: Uint8Array) => copy.fill(9, 200_000, 260_000)],
    ['what is displaced', (copy: Uint8Array) => Buffer.concat([copy, Buffer.from('more')])],
  ])('is told as not looked at: %s', async (_, change) => {
    const bytes = new Uint8Array(300_000).map((_byte, at) => at % 251);
    const left = changed(bytes, 1000, `\0${early}\0`);
    const right = change(changed(bytes, 1000, `\0${late}\0`));
    const { findings, sentBytes } = await look({ x: left }, { x: right });
    expect(findings.filter(({ notLookedAt }) => notLookedAt === 'part')).toMatchObject([
      { class: 'unknown', detail: expect.stringContaining('not looked at') as string },
    ]);
    expect(sentBytes).toBeLessThan(512 * 1024);
  });

  test('is told as not looked at where a side shows other bytes than it signed', async () => {
    const bytes = new Uint8Array(300_000).fill(7);
    const left = changed(bytes, 1000, `\0${early}\0`);
    const right = changed(changed(bytes, 1000, `\0${late}\0`), 200_000, 'evil');
    const [a, honest] = [new MemoryAsker({ x: left }), new MemoryAsker({ x: right })];
    const lying: ByteAsker = {
      chunks: (...asked) => honest.chunks(...asked),
      bytes: (location, offset, length) =>
        (offset < 100_000 ? honest : a).bytes(location, offset, length),
    };
    const findings = await investigate({ differences: [fileAt('x')], left: a, right: lying });
    expect(findings).toMatchObject([{ class: 'timestamp' }, { notLookedAt: 'part' }]);
  });

  test('is looked at in files by the hundred, where they are small', async () => {
    const named = (time: number): Record<string, Uint8Array> =>
      Object.fromEntries(
        Array.from({ length: 300 }, (_, at) => [`f${at}`, Buffer.from(`built ${time}\n`)]),
      );
    const { findings } = await look(named(1_790_000_000), named(1_790_090_000));
    expect(new Set(classesOf(findings))).toEqual(new Set(['timestamp']));
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
