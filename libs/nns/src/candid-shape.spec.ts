import { IDL } from '@dfinity/candid';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeExecution } from '../../../e2e/world/nns/payload.js';
import { blob, decodeExactly, opt, principal, record, text, vec } from './candid-shape.js';
import { decodePayload, NnsError } from './index.js';

const Shape = record({
  name: text(64),
  note: opt(text(64)),
  tags: vec(text(64), 8),
  key: blob(4),
});
const Type = IDL.Record({
  name: IDL.Text,
  note: IDL.Opt(IDL.Text),
  tags: IDL.Vec(IDL.Text),
  key: IDL.Vec(IDL.Nat8),
});
const value = { name: 'n', note: ['x'], tags: ['a', 'b'], key: new Uint8Array([1, 2, 3, 4]) };
const good = IDL.encode([Type], [value]);

/** A message of hand-made bytes after its magic. */
function didl(...bytes: number[]): Uint8Array {
  return Uint8Array.of(0x44, 0x49, 0x44, 0x4c, ...bytes);
}

describe('what the stock encoder writes', () => {
  test('is read back, whatever the texts', () => {
    fc.assert(
      fc.property(
        // A grapheme has up to two code points, and sixteen of them more bytes than the shape allows.
        fc.string({ maxLength: 8, unit: 'grapheme' }),
        fc.option(fc.string({ maxLength: 16 })),
        fc.array(fc.string({ maxLength: 16 }), { maxLength: 8 }),
        (name, note, tags) => {
          const encoded = IDL.encode(
            [Type],
            [{ name, note: note === null ? [] : [note], tags, key: value.key }],
          );
          expect(decodeExactly(Shape, encoded)).toEqual({ name, note, tags, key: value.key });
        },
      ),
    );
  });

  test('may lie anywhere in a larger buffer', () => {
    const larger = Buffer.concat([Buffer.alloc(7), good]);
    expect(decodeExactly(Shape, larger.subarray(7))).toMatchObject({ name: 'n' });
  });

  test('an optional field of a later era may be absent', () => {
    const encoded = IDL.encode([IDL.Record({ name: IDL.Text })], [{ name: 'n' }]);
    expect(decodeExactly(record({ name: text(8), later: opt(text(8)) }), encoded)).toEqual({
      name: 'n',
      later: null,
    });
  });
});

describe('what the stock decoder lets through is refused', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['a byte too many', Uint8Array.of(...good, 0), /1 bytes too many/],
    ['a byte too few', good.slice(0, -1), /ends early/],
    ['two arguments', IDL.encode([Type, IDL.Nat8], [value, 1]), /2 arguments/],
    ['no argument', didl(0, 0), /0 arguments/],
    [
      'a field of no known era',
      IDL.encode([IDL.Record({ ...fieldsOf(Type), extra: IDL.Null })], [{ ...value, extra: null }]),
      /no known era/,
    ],
    [
      'a missing field',
      IDL.encode(
        [IDL.Record({ note: IDL.Opt(IDL.Text), tags: IDL.Vec(IDL.Text), key: IDL.Vec(IDL.Nat8) })],
        [value],
      ),
      /lacks its field name/,
    ],
    [
      'a misfit inside opt',
      IDL.encode(
        [IDL.Record({ ...fieldsOf(Type), note: IDL.Opt(IDL.Nat) })],
        [{ ...value, note: [1n] }],
      ),
      /note is not of type text/,
    ],
    [
      'a blob of other items',
      IDL.encode(
        [IDL.Record({ ...fieldsOf(Type), key: IDL.Vec(IDL.Bool) })],
        [{ ...value, key: [true, true, true, true] }],
      ),
      /key is not of type blob/,
    ],
    [
      'a longer blob',
      IDL.encode([Type], [{ ...value, key: new Uint8Array(5) }]),
      /5 bytes, expected 4/,
    ],
    ['another magic', Uint8Array.of(...good).fill(0x45, 0, 1), /start with DIDL/],
    ['nothing', new Uint8Array(), /start with DIDL/],
    ['a function type', didl(1, 0x6a, 0, 0, 0, 1, 0), /unexpected opcode -22/],
    ['a type that is not declared', didl(1, 0x6d, 5, 1, 0), /does not declare/],
    ['a million types', didl(0xc0, 0x84, 0x3d), /more than 64/],
    ['a number in a longer form', didl(0x80, 0, 0), /shortest form/],
    ['a type in a longer form', didl(1, 0xed, 0x7f, 0x71, 1, 0), /shortest form/],
    ['an endless number', didl(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1), /out of range/],
    ['fields out of order', didl(1, 0x6c, 2, 5, 0x71, 5, 0x71, 1, 0), /out of order/],
  ])('%s', (_name, bytes, message) => {
    expect(() => decodeExactly(Shape, bytes)).toThrow(message);
  });

  test('a vector of 2^32 - 1 nulls takes no time', () => {
    const bomb = didl(1, 0x6d, 0x7f, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f);
    expect(() => decodeExactly(vec(text(8), 8), bomb)).toThrow(/items, more than 8/);
  });

  test('text that is not UTF-8, a flag that is no flag, an opaque principal', () => {
    expect(() => decodeExactly(text(8), didl(0, 1, 0x71, 1, 0xff))).toThrow(/UTF-8/);
    expect(() => decodeExactly(opt(text(8)), didl(1, 0x6e, 0x71, 1, 0, 2))).toThrow(/neither/);
    expect(() => decodeExactly(principal, didl(0, 1, 0x68, 0))).toThrow(/opaque/);
    expect(() => decodeExactly(principal, didl(0, 1, 0x68, 1, 30))).toThrow(/more than 29/);
  });
});

describe('any bytes', () => {
  const functions = [5, 11, 38, 40, 47, 48, 50, 51];
  const onlyNnsErrors = (nnsFunction: number, bytes: Uint8Array) => {
    try {
      decodePayload(nnsFunction, bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(NnsError);
    }
  };

  test('decode or end in an NnsError', () => {
    fc.assert(
      fc.property(fc.constantFrom(...functions), fc.uint8Array({ maxLength: 200 }), onlyNnsErrors),
    );
    fc.assert(
      fc.property(fc.constantFrom(...functions), fc.uint8Array({ maxLength: 60 }), (fn, bytes) => {
        onlyNnsErrors(fn, didl(...bytes));
      }),
    );
  });

  test('a mutilated election decodes or ends in an NnsError', () => {
    const { payload } = encodeExecution({
      kind: 'elect-guestos',
      ...{ commit: 'a'.repeat(40), sha256: 'b'.repeat(64), urls: ['https://x/y'] },
      measurements: [{ kernelCmdline: 'root', measurement: 'cd'.repeat(48) }],
    });
    fc.assert(
      fc.property(
        fc.nat(payload.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(payload.length),
        (index, flip, length) => {
          const bytes = Uint8Array.from(payload);
          bytes[index]! ^= flip;
          onlyNnsErrors(38, bytes);
          onlyNnsErrors(38, bytes.slice(0, length));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

function fieldsOf(type: IDL.RecordClass): Record<string, IDL.Type> {
  return Object.fromEntries(type._fields);
}
