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

function see(left: Uint8Array, right: Uint8Array, context: ClassifyContext = {}): string[] {
  const excerpt = windows(4096, around(left), around(right));
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
    for (const isLittle of [true, false]) {
      const [left, right] = [number(AT, width, isLittle), number(AT + 70_123, width, isLittle)];
      expect(see(left, right)).toEqual(['timestamp']);
    }
  });

  test('have no times outside of those of the builds', () => {
    const times = { left: { from: AT, to: AT + 60 }, right: { from: AT, to: AT + 60 } };
    const far = [number(AT - 9_000_000, 4, true), number(AT - 8_123_456, 4, true)] as const;
    expect(see(...far)).toEqual(['timestamp']);
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
    const [one, other] = ['\0/home/ann/ic/rs/main.rs', '\0/home/bea/src/rs/main.rs'];
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
