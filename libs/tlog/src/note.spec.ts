import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_NOTE_BYTES,
  MAX_SIGNATURES,
  TlogError,
  ed25519Signer,
  ed25519Verifier,
  formatVkey,
  noteKeyId,
  openNote,
  parseVkey,
  signNote,
} from './index.js';
import type { NoteSigner, NoteVerifier } from './index.js';

const vector = (file: string): Buffer =>
  readFileSync(new URL(`../vectors/note/${file}`, import.meta.url));

interface Party {
  readonly signer: NoteSigner;
  readonly verifier: NoteVerifier;
  readonly publicKey: Uint8Array;
}

function party(name: string): Party {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
  const signer = ed25519Signer(name, raw, (text) => sign(null, text, privateKey));
  return { signer, verifier: ed25519Verifier(name, raw), publicKey: raw };
}

const log = party('log.example/ic');
const witness = party('witness.example/w1');
const text = 'log.example/ic\n1\nroot\n';
const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });

describe('the example of the specification', () => {
  const { name, publicKey } = parseVkey(vector('example.vkey').toString().trim());

  test('opens under its verifier key', () => {
    const opened = openNote(vector('example.txt'), [ed25519Verifier(name, publicKey)]);
    expect(opened.text).toBe('This is an example message.\n');
    expect(opened.verified.map((key) => `${key.name} ${key.keyId}`)).toEqual([
      'example.com/foo 530d903a',
    ]);
  });

  test('its verifier key survives reading and writing', () => {
    expect(formatVkey(name, publicKey)).toBe(vector('example.vkey').toString().trim());
  });
});

describe('a note', () => {
  test('that several keys signed opens under each of them, and tells which', () => {
    const note = signNote(text, [log.signer, witness.signer]);
    const both = openNote(note, [witness.verifier, log.verifier]);
    expect(both.verified.map((key) => key.name)).toEqual([log.signer.name, witness.signer.name]);
    const one = openNote(Buffer.from(note), [witness.verifier]);
    expect(one.verified.map((key) => key.name)).toEqual([witness.signer.name]);
    expect(one.unknown.map((key) => key.name)).toEqual([log.signer.name]);
    expect(one.text).toBe(text);
  });

  test('keeps blank lines, letters of any script and a byte order mark in its text', () => {
    const odd = '\ufeffuno\n\n— not a signature\n\nсеть ☃ 𝄞\n';
    const note = signNote(odd, [log.signer]);
    expect(openNote(Buffer.from(note), [log.verifier]).text).toBe(odd);
  });

  test('may have as many signatures as the limit says, and no more', () => {
    const many = Array.from({ length: MAX_SIGNATURES }, () => log.signer);
    const note = signNote(text, many);
    expect(openNote(note, [log.verifier]).verified).toHaveLength(1);
    expect(() => openNote(`${note}${note.split('\n').at(-2)!}\n`, [log.verifier])).toThrow(
      refused('MALFORMED_NOTE'),
    );
    expect(() => signNote(text, [...many, log.signer])).toThrow(refused('MALFORMED_NOTE'));
  });

  test('a key that signed twice counts once', () => {
    const note = signNote(text, [log.signer, log.signer]);
    expect(openNote(note, [log.verifier]).verified).toHaveLength(1);
  });

  test('one wrong signature of a known key spoils the right ones, wherever it stands', () => {
    const liar: NoteSigner = { ...witness.signer, sign: () => new Uint8Array(64) };
    for (const signers of [
      [log.signer, liar],
      [liar, log.signer],
      [witness.signer, liar],
    ]) {
      const note = signNote(text, signers);
      expect(() => openNote(note, [log.verifier, witness.verifier])).toThrow(
        refused('BAD_SIGNATURE'),
      );
    }
  });

  test('a wrong signature of an unknown key does no harm', () => {
    const stranger: NoteSigner = { ...witness.signer, sign: () => new Uint8Array(9) };
    expect(openNote(signNote(text, [stranger, log.signer]), [log.verifier]).text).toBe(text);
  });

  test('a stranger under a known name, or with a known id, is a stranger', () => {
    const sameName = party(log.signer.name).signer;
    const sameId: NoteSigner = { ...witness.signer, keyId: log.signer.keyId };
    const note = signNote(text, [sameName, sameId]);
    expect(() => openNote(note, [log.verifier])).toThrow(refused('NO_KNOWN_SIGNATURE'));
  });

  test.each([0, 1, 63, 65, 4_000])('a known key with a signature of %i bytes', (length) => {
    const odd: NoteSigner = { ...log.signer, sign: () => new Uint8Array(length) };
    expect(() => openNote(signNote(text, [odd]), [log.verifier])).toThrow(
      refused(length === 0 ? 'MALFORMED_NOTE' : 'BAD_SIGNATURE'),
    );
  });

  test('a changed text is refused, whichever character changed', () => {
    const note = signNote(text, [log.signer]);
    for (let at = 0; at < text.length - 1; at += 1) {
      const changed = `${note.slice(0, at)}X${note.slice(at + 1)}`;
      expect(() => openNote(changed, [log.verifier])).toThrow(refused('BAD_SIGNATURE'));
    }
  });

  test('two verifiers of one name and id are a mistake of the reader', () => {
    const note = signNote(text, [log.signer]);
    expect(() => openNote(note, [log.verifier, log.verifier])).toThrow(refused('AMBIGUOUS_KEY'));
  });

  test('above the size limit is refused before it is read', () => {
    expect(() => openNote(new Uint8Array(MAX_NOTE_BYTES + 1), [])).toThrow(refused('TOO_LARGE'));
    const long = `${'x'.repeat(MAX_NOTE_BYTES)}\n`;
    expect(() => signNote(long, [log.signer])).toThrow(refused('TOO_LARGE'));
  });

  test.each(['', 'no newline', 'tab\there\n', 'cr\r\n', 'lone \ud800\n'])(
    'text %j is not signed',
    (bad) => {
      expect(() => signNote(bad, [log.signer])).toThrow(refused('MALFORMED_NOTE'));
    },
  );

  test('without signers is not made', () => {
    expect(() => signNote(text, [])).toThrow(refused('MALFORMED_NOTE'));
  });
});

describe('a verifier key', () => {
  test('whose base64 has plus signs is read whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (publicKey) => {
        expect(parseVkey(formatVkey('a.example/k', publicKey))).toEqual({
          name: 'a.example/k',
          keyId: noteKeyId('a.example/k', publicKey),
          publicKey,
        });
      }),
    );
  });

  const good = formatVkey('a.example/k', new Uint8Array(32).fill(0xfb));
  const [name, id, encoded] = [good.slice(0, 11), good.slice(12, 20), good.slice(21)];
  test.each([
    ['empty', '', 'MALFORMED_KEY'],
    ['one part', name, 'MALFORMED_KEY'],
    ['two parts', `${name}+${id}`, 'MALFORMED_KEY'],
    ['no name', `+${id}+${encoded}`, 'MALFORMED_KEY'],
    ['a space in the name', `a b+${id}+${encoded}`, 'MALFORMED_KEY'],
    ['an id in upper case', `${name}+${id.toUpperCase()}x+${encoded}`, 'MALFORMED_KEY'],
    ["another key's id", `${name}+00000000+${encoded}`, 'MALFORMED_KEY'],
    ["another name's id", `b.example/k+${id}+${encoded}`, 'MALFORMED_KEY'],
    ['no base64', `${name}+${id}+****`, 'MALFORMED_KEY'],
    ['a newline at the end', `${good}\n`, 'MALFORMED_KEY'],
    ['a short key', `${name}+${id}+AQID`, 'MALFORMED_KEY'],
    ['a cosignature key', `${name}+${id}+BAID`, 'UNSUPPORTED_KEY'],
  ])('with %s is refused', (_what, vkey, code) => {
    expect(() => parseVkey(vkey)).toThrow(refused(code));
  });

  test.each([
    '',
    'a b',
    'a+b',
    'a\u00a0b',
    'a\u0085b',
    'a\u2003b',
    'a\ufeffb',
    'a\u0000',
    '\ud800',
  ])('name %j is refused', (bad) => {
    expect(() => noteKeyId(bad, new Uint8Array(32))).toThrow(refused('MALFORMED_KEY'));
  });
});

test('any text is a note or a TlogError, and so is any vkey', () => {
  const piece = fc.constantFrom('\n', '\n\n', '— ', 'a.example/k', ' ', '+', 'AAAAAAA=', '\0', '—');
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(piece, fc.string()), { maxLength: 20 }).map((parts) => parts.join('')),
    fc.uint8Array({ maxLength: 200 }),
  );
  fc.assert(
    fc.property(hostile, (input) => {
      for (const run of [
        () => openNote(input, [log.verifier]),
        () => parseVkey(Buffer.from(input).toString('latin1')),
      ]) {
        expect(run).toThrow(TlogError);
      }
    }),
  );
});
