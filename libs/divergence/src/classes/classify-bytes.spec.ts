import { describe, expect, test } from 'vitest';
import { classify } from './classify.js';
import type { ClassifyContext } from './context.js';
import { fileAt, windows } from './excerpt.fixture.js';

const AT = Date.UTC(2026, 10, 21, 20, 0) / 1000;
const DIGESTS = ['ab'.repeat(32), 'cd'.repeat(32)] as const;
const UUIDS = ['0b3b1c524f0e4c389d4f0a8b6c6d7e8f', '7d0c6a7e1d3a4a3a8a5b4a8b2c1d0e9f'] as const;

/** A binary of 256 bytes with something else at its 100th on either side. */
function around(part: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(256).map((_, index) => (index * 37) & 0xff);
  bytes.set([0, 1, 2, 3], 90);
  bytes.set([0, 1, 2, 3], 100 + part.length);
  bytes.set(part, 100);
  return bytes;
}

function pair(left: Uint8Array, right: Uint8Array): [Uint8Array, Uint8Array] {
  return [around(left), around(right)];
}

function see(left: Uint8Array, right: Uint8Array, context: ClassifyContext = {}): string[] {
  const excerpt = windows(4096, ...pair(left, right));
  return classify(fileAt('bin/x'), [excerpt], context).map(({ class: kind }) => kind);
}

function number(value: number, width: 4 | 8, isLittle: boolean): Uint8Array {
  const bytes = Buffer.alloc(width);
  if (width === 8) {
    if (isLittle) bytes.writeBigUInt64LE(BigInt(value));
    else bytes.writeBigUInt64BE(BigInt(value));
  } else if (isLittle) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

describe('bytes that are no text', () => {
  test.for([4, 8] as const)('have times of %i bytes in either order', (width) => {
    const span = { from: AT - 60, to: AT + 80_000 };
    const times = { left: span, right: span };
    for (const isLittle of [true, false]) {
      const [left, right] = [number(AT, width, isLittle), number(AT + 70_123, width, isLittle)];
      expect(see(left, right, { times })).toEqual(['timestamp']);
    }
  });

  test('have no times where nobody knows when the builds were: a number may be anything', () => {
    const numbers = [number(AT, 4, true), number(AT + 70_123, 4, true)] as const;
    const [finding] = classify(fileAt('bin/x'), [windows(4096, ...pair(...numbers))]);
    expect(finding?.class).toBe('unknown');
    expect(finding?.detail).toMatch(/; could be seconds since 1970 as 32 bits, little endian: /);
  });

  test('that are machine code are no times, whichever byte of it differs', () => {
    const code = new Uint8Array(1024).map((_, at) => Number(BigInt(at) ** 7n % 251n));
    for (let at = 256; at < 768; at += 1) {
      for (const flip of [1, 0x80]) {
        const other = code.map((byte, index) => (index === at ? byte ^ flip : byte));
        const [finding] = classify(fileAt('bin/ls'), [windows(20_000, code, other)]);
        expect(finding?.class).toBe('unknown');
      }
    }
  });

  test('have no times outside of those of the builds', () => {
    const times = { left: { from: AT, to: AT + 60 }, right: { from: AT, to: AT + 60 } };
    const far = [number(AT - 9_000_000, 4, true), number(AT - 8_123_456, 4, true)] as const;
    expect(see(...far, { times })).toEqual(['unknown']);
  });

  test('have UUIDs and digests', () => {
    const [a, b] = UUIDS.map((uuid) => Buffer.from(uuid, 'hex'));
    expect(see(a!, b!)).toEqual(['random-id']);
    const [left, right] = DIGESTS.map((digest) => Buffer.from(digest, 'hex'));
    expect(see(left!, right!)).toEqual(['unknown']);
    const digests = [{ location: ['', 'root.img'], left: DIGESTS[0], right: DIGESTS[1] }];
    expect(see(left!, right!, { digests })).toEqual(['embedded-hash']);
  });

  test('have texts among them', () => {
    const [left, right] = ['v=1 2026-11-21 20:10:00', 'v=1 2026-11-21 20:11:07'];
    expect(see(Buffer.from(left), Buffer.from(right))).toEqual(['timestamp']);
    const [one, other] = ['\0/home/ann/ic/rs/main.rs\0', '\0/home/bea/src/rs/main.rs'];
    expect(see(Buffer.from(one), Buffer.from(other))).toEqual(['build-path']);
  });

  test('of which a builder masked a part of one length are told by the fact', () => {
    const bytes = around(Buffer.from('built on *****'));
    const masks = [{ offset: 109, length: 5, fact: 'machine.hostname' }];
    const excerpt = { ...windows(0, bytes, bytes), leftMasks: masks, rightMasks: masks };
    const [finding] = classify(fileAt('bin/x'), [excerpt]);
    expect(finding).toMatchObject({ class: 'hostname', seenFacts: ['machine.hostname'] });
  });

  test('with masks that lie outside are read without them', () => {
    const bytes = around(Buffer.from([9, 9]));
    const leftMasks = [
      { offset: 250, length: 9000, fact: 'x' },
      { offset: -3, length: 4, fact: 'y' },
    ];
    const excerpt = { ...windows(0, bytes, around(Buffer.from([8, 9]))), leftMasks };
    expect(classify(fileAt('bin/x'), [excerpt])[0]?.class).toBe('unknown');
  });

  test('of different length are told by what is between their equal ends', () => {
    const [finding] = classify(fileAt('bin/x'), [
      windows(0, Buffer.from('\0\0abc\0\u0001'), Buffer.from('\0\0abcdef\0\u0001')),
    ]);
    expect(finding).toMatchObject({
      class: 'unknown',
      detail: expect.stringContaining('def') as string,
    });
  });

  test('say where they begin to differ', () => {
    const [finding] = classify(fileAt('bin/x'), [
      windows(4096, around(Buffer.from([200])), around(Buffer.from([201]))),
    ]);
    expect(finding?.detail).toBe('from byte 4196: c8 on the left, c9 on the right');
  });

  test('at the head of a gzip stream are its time', () => {
    const head = (at: number): Buffer => Buffer.from([0x1f, 0x8b, 8, 0, at, 0, 0, 0, 0, 3, 7, 0]);
    const [finding] = classify(fileAt('x.gz'), [windows(0, head(1), head(2))]);
    expect(finding?.class).toBe('timestamp');
  });

  test('at the head of a PE file, or of Python bytecode, are its time', () => {
    const pe = (at: number): Buffer => {
      const bytes = Buffer.alloc(512, 7);
      bytes.write('MZ', 'latin1');
      bytes.writeUInt32LE(128, 0x3c);
      bytes.write('PE\0\0', 128, 'latin1');
      bytes.writeUInt32LE(at, 136);
      return bytes;
    };
    const pyc = (at: number): Buffer =>
      Buffer.concat([Buffer.from([0xa7, 0x0d, 0x0d, 0x0a, 0, 0, 0, 0]), number(at, 4, true)]);
    for (const make of [pe, pyc]) {
      const classOf = (left: number, right: number): string | undefined =>
        classify(fileAt('x'), [windows(0, make(left), make(right))])[0]?.class;
      expect(classOf(AT, AT + 70_123)).toBe('timestamp');
      // A digest of the content may stand there instead.
      expect(classOf(0xfedc_ba98, 0x0123_4567)).toBe('unknown');
    }
  });

  test('in the head of a gzip stream are unknown where they are no build’s', () => {
    const times = { left: { from: AT, to: AT + 60 }, right: { from: AT, to: AT + 60 } };
    const head = (at: number): Buffer =>
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), number(at, 4, true), Buffer.from([0, 3, 7])]);
    const [left, right] = [head(AT - 9_000_000), head(AT - 8_000_000)];
    const [finding] = classify(fileAt('x.gz'), [windows(0, left, right)], { times });
    expect(finding).toMatchObject({
      class: 'unknown',
      detail: expect.stringContaining('none of which is a build’s') as string,
    });
  });
});

describe('what is too much', () => {
  test('is said beside what was seen', () => {
    const span = { from: AT - 60, to: AT + 80_000 };
    const bytes = (at: number): Buffer => {
      const all = Buffer.alloc(4000, 0xff);
      for (let place = 0; place < 60; place += 1) all.writeUInt32LE(at, place * 64);
      return all;
    };
    const excerpt = windows(4096, bytes(AT), bytes(AT + 70_123));
    const found = classify(fileAt('x'), [excerpt], { times: { left: span, right: span } });
    expect(found.map(({ class: kind }) => kind)).toEqual(['timestamp', 'unknown']);
    expect(found[1]?.detail).toBe('more was not compared: what follows the first 48 places');
  });

  test('is what follows a text and is no part of it', () => {
    const bytes = (path: string, rest: number[]): Buffer =>
      Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from(`${path}\0`), Buffer.from(rest)]);
    const excerpt = windows(
      4096,
      bytes('/home/ann/ic/main.rs', [200, 201, 202]),
      bytes('/srv/builds/ic/main.rs', [9, 8]),
    );
    expect(classify(fileAt('bin/x'), [excerpt]).map((finding) => finding.class)).toEqual([
      ...['build-path', 'unknown'],
    ]);
  });
});

describe('bytes behind a text that was told', () => {
  const [LEFT, RIGHT] = ['built 2026-11-21T20:10:00Z', 'built 2026-11-21T20:11:07Z'];
  const classesOf = (left: string, right: string): string[] => {
    const bytes = (text: string): Buffer => Buffer.from(`\u0001\u0001\u0001${text}`, 'latin1');
    const excerpt = windows(4096, bytes(left), bytes(right));
    return classify(fileAt('bin/x'), [excerpt]).map(({ class: kind }) => kind);
  };

  test.for([
    ['of which only one side has any', LEFT, `${RIGHT}\0\x90\x90EVIL`],
    ['that go on on one side', `${LEFT}\0\x90`, `${RIGHT}\0\x90\x90EVIL\xcc`],
    [
      'beyond the longest text that is read',
      `${LEFT}${'a'.repeat(500)}\0`,
      `${RIGHT}${'a'.repeat(450)}EVIL${'a'.repeat(48)}\0\x01`,
    ],
  ] as const)('%s are unknown', ([, left, right]) => {
    expect(classesOf(left, right)).toEqual(['timestamp', 'unknown']);
    expect(classesOf(right, left)).toEqual(['timestamp', 'unknown']);
  });

  test('may be the padding of the shorter one', () => {
    const [short, long] = ['/home/ann/ic/rs/main.rs\0\0\0\x01', '/home/bea/src/rs/main.rs\0\0\x01'];
    expect(classesOf(short, long)).toEqual(['build-path']);
    expect(classesOf(LEFT, `${RIGHT}\0\0`)).toEqual(['timestamp']);
  });
});

describe('bytes that are shown', () => {
  const changed = (at: number, size: number): [Uint8Array, Uint8Array] => {
    const left = new Uint8Array(size).map((_, index) => (index * 37) & 0xff);
    return [left, left.map((byte, index) => (index === at ? byte ^ 0xff : byte))];
  };

  test('are at most 256 of either side, in rows, from two rows before the first that differs', () => {
    const [left, right] = changed(700, 1024);
    const [finding] = classify(fileAt('bin/x'), [windows(4096, left, right)]);
    const { offset, left: one, right: two } = finding!.bytes!;
    expect(offset).toBe(4096 + 656);
    expect([one.length, two.length]).toEqual([512, 512]);
    expect(one).toBe(Buffer.from(left.subarray(656, 912)).toString('hex'));
    expect(one.slice(0, 88)).toBe(two.slice(0, 88));
    expect(one.slice(88, 90)).not.toBe(two.slice(88, 90));
  });

  test('begin and end where the excerpt does, which no row need do', () => {
    const [left, right] = changed(3, 40);
    const [finding] = classify(fileAt('bin/x'), [windows(4099, left, right.subarray(0, 30))]);
    const { offset, left: one, right: two } = finding!.bytes!;
    expect([offset, one.length, two.length]).toEqual([4099, 80, 60]);
  });

  test('are not there of a text, nor of what was not looked at', () => {
    const text = (word: string): Uint8Array => Buffer.from(`built by ${word}\n`);
    const whole = { ...windows(0, text('one'), text('two')), isWhole: true };
    expect(classify(fileAt('etc/x'), [whole])[0]).not.toHaveProperty('bytes');
    expect(classify(fileAt('bin/x'))[0]).not.toHaveProperty('bytes');
  });

  test('show of what its builder masked the filler alone', () => {
    const bytes = (filler: string): Uint8Array =>
      Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from(filler.repeat(8)), Buffer.from([0, 9])]);
    const masks = [{ offset: 3, length: 8, fact: 'machine.hostname' }];
    const excerpt = { ...windows(0, bytes('#'), bytes('#')), leftMasks: masks, rightMasks: masks };
    const [finding] = classify(fileAt('bin/x'), [excerpt]);
    expect(finding!.bytes).toEqual({
      offset: 0,
      ...{ left: `000102${'23'.repeat(8)}0009`, right: `000102${'23'.repeat(8)}0009` },
    });
  });
});
