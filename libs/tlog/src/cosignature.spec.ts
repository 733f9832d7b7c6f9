import { createPrivateKey, generateKeyPairSync, hash, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '#libs/encoding';
import {
  MAX_NOTE_BYTES,
  MAX_SIGNATURES,
  TlogError,
  addSignatures,
  cosign,
  cosignatureVerifier,
  cosignerKeyId,
  ed25519Signer,
  ed25519Verifier,
  formatCheckpoint,
  formatCosignerVkey,
  hashLeaf,
  noteKeyId,
  openCheckpoint,
  parseCosignerVkey,
  parseVkey,
  signNote,
  verifyCosignature,
} from './index.js';
import type { Cosigner } from './index.js';

const origin = 'log.example/ic';
const name = 'witness.example/w1';
const timeS = 1_679_315_147;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
const signWith = (message: Uint8Array): Uint8Array => sign(null, message, privateKey);
const cosigner: Cosigner = { name, publicKey: raw, sign: signWith, timeS };
const verifier = cosignatureVerifier(name, raw);
const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });

const text = formatCheckpoint({ origin, size: 1n, root: hashLeaf(Buffer.from('leaf 0')) });
const note = signNote(text, [ed25519Signer(origin, raw, signWith)]);
const line = cosign(text, cosigner);
const blob = fromBase64(line.trimEnd().split(' ')[2]!);
const lineOf = (bytes: Uint8Array, by = name): string => `— ${by} ${toBase64(bytes)}\n`;
const edited = (at: number, ...bytes: number[]): string => {
  const copy = Uint8Array.from(blob);
  copy.set(bytes, at);
  return lineOf(copy);
};
const signedAt = (time: bigint): string => {
  const message = Buffer.from(`cosignature/v1\ntime ${String(time)}\n${text}`);
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(time);
  return lineOf(Buffer.concat([blob.subarray(0, 4), stamp, signWith(message)]));
};

describe('a cosignature', () => {
  test('is a key id, a time of eight bytes and a signature over time and text', () => {
    expect(blob).toHaveLength(4 + 8 + 64);
    expect(Buffer.from(blob).toString('hex', 0, 4)).toBe(cosignerKeyId(name, raw));
    expect(Buffer.from(blob).readBigUInt64BE(4)).toBe(BigInt(timeS));
    const message = Buffer.from(`cosignature/v1\ntime 1679315147\n${text}`);
    expect(verify(null, message, publicKey, blob.subarray(12))).toBe(true);
  });

  test('tells who vouched and when', () => {
    expect(verifyCosignature(text, line, verifier)).toEqual({
      name,
      keyId: verifier.keyId,
      timeS,
    });
  });

  test('of the key of RFC 8032 is always the same line', () => {
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const known = Buffer.from(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      'hex',
    );
    const message = Buffer.from(`cosignature/v1\ntime 0\n${text}`);
    const id = hash('sha256', Buffer.concat([Buffer.from('w\n\x04'), known]), 'buffer');
    const made = cosign(text, {
      name: 'w',
      publicKey: known,
      sign: (bytes) => sign(null, bytes, key),
      timeS: 0,
    });
    const expected = Buffer.concat([id.subarray(0, 4), Buffer.alloc(8), sign(null, message, key)]);
    expect(made).toBe(lineOf(expected, 'w'));
  });

  test('holds any time up to 2^53 - 1', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (time) => {
        const made = cosign(text, { ...cosigner, timeS: time });
        expect(verifyCosignature(text, made, verifier).timeS).toBe(time);
      }),
      { numRuns: 20 },
    );
  });

  test('covers the extension lines of another log', () => {
    const extended = `${text}Timestamp: 1\n`;
    const made = cosign(extended, cosigner);
    expect(verifyCosignature(extended, made, verifier).timeS).toBe(timeS);
    expect(() => verifyCosignature(text, made, verifier)).toThrow(refused('BAD_SIGNATURE'));
  });

  test('does not count as the log’s signature, nor the log’s as one, under one key', () => {
    const logLine = note.slice(text.length + 1);
    const own = cosignatureVerifier(origin, raw);
    expect(() => verifyCosignature(text, logLine, own)).toThrow(refused('NO_KNOWN_SIGNATURE'));
    const posing = signNote(text, [
      { name: origin, keyId: noteKeyId(origin, raw), sign: () => blob.slice(4) },
    ]);
    expect(() => openCheckpoint(posing, [ed25519Verifier(origin, raw)], origin)).toThrow(
      refused('BAD_SIGNATURE'),
    );
  });

  test('is verified by openCheckpoint beside the log’s signature', () => {
    const keys = [ed25519Verifier(origin, raw), verifier];
    const opened = openCheckpoint(addSignatures(note, [line]), keys, origin);
    expect(opened.verified.map((key) => key.name)).toEqual([origin, name]);
    expect(() => openCheckpoint(addSignatures(note, [edited(12, 1, 2)]), keys, origin)).toThrow(
      refused('BAD_SIGNATURE'),
    );
  });

  test.each([
    ['nothing', '', 'MALFORMED_COSIGNATURE'],
    ['no newline', line.slice(0, -1), 'MALFORMED_COSIGNATURE'],
    ['a second line', line + line, 'MALFORMED_COSIGNATURE'],
    ['a blank line before', `\n${line}`, 'MALFORMED_COSIGNATURE'],
    ['a blank line after', `${line}\n`, 'MALFORMED_COSIGNATURE'],
    ['a carriage return', line.replace('\n', '\r\n'), 'MALFORMED_COSIGNATURE'],
    ['a hyphen for the dash', line.replace('—', '-'), 'MALFORMED_COSIGNATURE'],
    ['two spaces', line.replace('— ', '—  '), 'MALFORMED_COSIGNATURE'],
    ['no name', line.replace(`${name} `, ''), 'MALFORMED_COSIGNATURE'],
    ['a plus in the name', line.replace(name, 'a+b'), 'MALFORMED_COSIGNATURE'],
    ['a no-break space in the name', line.replace(name, 'a\u00a0b'), 'MALFORMED_COSIGNATURE'],
    ['no base64', `— ${name} ****\n`, 'MALFORMED_COSIGNATURE'],
    ['url-safe base64', `— ${name} AAAAAA-_\n`, 'MALFORMED_COSIGNATURE'],
    ['a key id alone', lineOf(blob.subarray(0, 4)), 'MALFORMED_COSIGNATURE'],
    ['no signature', lineOf(blob.subarray(0, 12)), 'MALFORMED_COSIGNATURE'],
    ['a byte too few', lineOf(blob.subarray(0, -1)), 'MALFORMED_COSIGNATURE'],
    ['a byte too many', lineOf(Uint8Array.of(...blob, 0)), 'MALFORMED_COSIGNATURE'],
    [
      'a signature without a time',
      lineOf(Uint8Array.of(...blob.subarray(0, 4), ...blob.subarray(12))),
      'MALFORMED_COSIGNATURE',
    ],
    ['a time of 2^53', signedAt(2n ** 53n), 'MALFORMED_COSIGNATURE'],
    ['a time of 2^53 + 1', signedAt(2n ** 53n + 1n), 'MALFORMED_COSIGNATURE'],
    ['a time of 2^64 - 1', signedAt(2n ** 64n - 1n), 'MALFORMED_COSIGNATURE'],
    ['another name', line.replace('w1', 'w2'), 'NO_KNOWN_SIGNATURE'],
    ['another key id', edited(0, 0, 0, 0, 0), 'NO_KNOWN_SIGNATURE'],
    ['an earlier time', edited(11, 0), 'BAD_SIGNATURE'],
    ['another R', edited(12, 1, 2, 3), 'BAD_SIGNATURE'],
    ['another S', edited(60, 1, 2, 3), 'BAD_SIGNATURE'],
    ['zeros', edited(12, ...new Uint8Array(64)), 'BAD_SIGNATURE'],
    [
      'a little-endian time',
      edited(4, 0xcb, 0x50, 0x18, 0x64, 0, 0, 0, 0),
      'MALFORMED_COSIGNATURE',
    ],
  ])('with %s is refused', (_what, bad, code) => {
    expect(() => verifyCosignature(text, bad, verifier)).toThrow(refused(code));
  });

  test('with S + L for S is refused: one cosignature has one form', () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const little = Buffer.from(blob.subarray(44)).reverse().toString('hex');
    const sum = (BigInt(`0x${little}`) + order).toString(16).padStart(64, '0');
    const malleated = Uint8Array.of(...blob.subarray(0, 44), ...Buffer.from(sum, 'hex').reverse());
    expect(() => verifyCosignature(text, lineOf(malleated), verifier)).toThrow(
      refused('BAD_SIGNATURE'),
    );
  });

  test.each([
    ['a text that is no checkpoint', { text: 'hello\n' }, 'MALFORMED_CHECKPOINT'],
    ['a checkpoint with its signatures', { text: note }, 'MALFORMED_CHECKPOINT'],
    ['a cosigned message', { text: `cosignature/v1\ntime 1\n${text}` }, 'MALFORMED_CHECKPOINT'],
    ['a time before 1970', { timeS: -1 }, 'OUT_OF_RANGE'],
    ['half a second', { timeS: 0.5 }, 'OUT_OF_RANGE'],
    ['milliseconds too many', { timeS: 2 ** 53 }, 'OUT_OF_RANGE'],
    ['no time', { timeS: Number.NaN }, 'OUT_OF_RANGE'],
    ['a name with a space', { name: 'a b' }, 'MALFORMED_KEY'],
    ['a short key', { publicKey: raw.slice(1) }, 'MALFORMED_KEY'],
    ['a signer of another key', { sign: () => new Uint8Array(64) }, 'BAD_SIGNATURE'],
    ['a signer of too few bytes', { sign: () => new Uint8Array(9) }, 'BAD_SIGNATURE'],
  ])(
    'over %s is not made',
    (_what, { text: given = text, ...changed }: { text?: string } & Partial<Cosigner>, code) => {
      expect(() => cosign(given, { ...cosigner, ...changed })).toThrow(refused(code));
    },
  );
});

describe('a cosigner key', () => {
  test('survives writing and reading, and is no log key', () => {
    const vkey = formatCosignerVkey(name, raw);
    expect(parseCosignerVkey(vkey)).toEqual({
      name,
      keyId: cosignerKeyId(name, raw),
      publicKey: raw,
    });
    expect(() => parseVkey(vkey)).toThrow(refused('UNSUPPORTED_KEY'));
    expect(cosignerKeyId(name, raw)).not.toBe(noteKeyId(name, raw));
  });

  test('with the id that it would have as a log key is refused', () => {
    const vkey = formatCosignerVkey(name, raw).replace(
      cosignerKeyId(name, raw),
      noteKeyId(name, raw),
    );
    expect(() => parseCosignerVkey(vkey)).toThrow(refused('MALFORMED_KEY'));
  });
});

describe('signatures that are added to a note', () => {
  test('stand after those it has, in their order, each line once', () => {
    const second = cosign(text, { ...cosigner, timeS: timeS + 1 });
    expect(addSignatures(note, [line, second, line])).toBe(note + line + second);
    expect(addSignatures(Buffer.from(note + line), [line, second])).toBe(note + line + second);
    expect(addSignatures(note, [])).toBe(note);
  });

  test('fill it up to the limit, and no further', () => {
    const lines = Array.from({ length: MAX_SIGNATURES }, (_, i) => lineOf(blob, `w${i}`));
    const full = addSignatures(note, lines.slice(1));
    expect(openCheckpoint(full, [ed25519Verifier(origin, raw)], origin).unknown).toHaveLength(99);
    expect(() => addSignatures(note, lines)).toThrow(refused('MALFORMED_NOTE'));
    expect(() => addSignatures(note, [lineOf(new Uint8Array(MAX_NOTE_BYTES))])).toThrow(
      refused('TOO_LARGE'),
    );
  });

  test.each([
    ['text for a line', note, 'more\n'],
    ['two lines in one', note, line + line],
    ['a line without a newline', note, line.slice(0, -1)],
    ['a blank line before', note, `\n${line}`],
    ['an unsigned note', `${text}\n`, line],
    ['text alone', text, line],
    ['a note that is cut off', note.slice(0, -1), line],
    ['a note with a tab', note.replace('1', '\t1'), line],
  ])('with %s are refused', (_what, given, added) => {
    expect(() => addSignatures(given, [added])).toThrow(refused('MALFORMED_NOTE'));
  });
});

test('any line, and any real one with a few characters changed, is refused with a TlogError', () => {
  const cut = fc.tuple(fc.nat({ max: line.length }), fc.nat({ max: 3 }), fc.string());
  const near = cut.map(([at, length, put]) => line.slice(0, at) + put + line.slice(at + length));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (input) => {
      fc.pre(input !== line);
      expect(() => verifyCosignature(text, input, verifier)).toThrow(TlogError);
    }),
    { numRuns: 300 },
  );
});
