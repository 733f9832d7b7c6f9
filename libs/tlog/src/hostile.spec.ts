import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBase64 } from '#libs/encoding';
import {
  EMPTY_ROOT,
  MAX_PROOF_FILE_BYTES,
  MAX_SIZE,
  TlogError,
  ed25519Signer,
  ed25519Verifier,
  formatCheckpoint,
  formatProofFile,
  hashChildren,
  hashLeaf,
  openCheckpoint,
  openNote,
  parseCheckpoint,
  parseProofFile,
  signNote,
  verifyProofFile,
} from './index.js';

const origin = 'log.example/ic';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
const signer = ed25519Signer(origin, raw, (text) => sign(null, text, privateKey));
const verifiers = [ed25519Verifier(origin, raw)];
const cosigner = ed25519Signer('w.example', raw, (text) => sign(null, text, privateKey));
const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });

const entry = Buffer.from('leaf 0');
const [leaf, sibling] = [hashLeaf(entry), hashLeaf(Buffer.from('leaf 1'))];
const root = hashChildren(leaf, sibling);
const rootText = toBase64(root);
const body = `${origin}\n2\n${rootText}\n`;
const note = signNote(body, [signer]);
const line = note.slice(body.length + 1);
const file = `c2sp.org/tlog-proof@v1\nindex 0\n${toBase64(sibling)}\n\n${note}`;

describe('a malformed note', () => {
  test.each([
    ['nothing', ''],
    ['one newline', '\n'],
    ['text alone', body],
    ['no blank line', `${body}${line}`],
    ['no signature', `${body}\n`],
    ['two blank lines at the end', `${note}\n`],
    ['no newline at the end', note.slice(0, -1)],
    ['a hyphen for the dash', note.replace('—', '-')],
    ['an en dash', note.replace('—', '–')],
    ['a no-break space', note.replace('— ', '—\u00a0')],
    ['two spaces', note.replace('— ', '—  ')],
    ['no name', `${body}\n—  ${line.split(' ')[2]!}`],
    ['a plus in the name', note.replace(`— ${origin}`, `— ${origin}+x`)],
    ['an em space in the name', note.replace(`— ${origin}`, `— log\u2003x`)],
    ['no base64', `${body}\n— ${origin} ****\n`],
    ['base64 without padding', note.replace(/=+\n$/, '\n')],
    ['url-safe base64', `${body}\n— ${origin} AAAAAA-_\n`],
    ['stray bits', `${body}\n— ${origin} AAAAAAB=\n`],
    ['a key id alone', `${body}\n— ${origin} AAAAAA==\n`],
    ['three bytes', `${body}\n— ${origin} AAAA\n`],
    ['a fourth field', note.replace(/\n$/, ' x\n')],
    ['carriage returns', note.replaceAll('\n', '\r\n')],
    ['a tab in the text', note.replace('2', '\t2')],
    ['an escape', note.replace('2', '\u001b[2J')],
    ['a NUL', note.replace('2', '\0')],
    ['a lone surrogate', note.replace('2', '\udc00')],
    ['text after the signatures', `${note}more\n`],
  ])('with %s is refused', (_what, bad) => {
    expect(() => openNote(bad, verifiers)).toThrow(refused('MALFORMED_NOTE'));
  });

  test.each([
    ['an overlong newline', [0x61, 0xc0, 0x8a]],
    ['a cut character', [...Buffer.from(note), 0xe2, 0x80]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
  ])('with %s is no UTF-8', (_what, bytes) => {
    expect(() => openNote(Uint8Array.from(bytes), verifiers)).toThrow(refused('MALFORMED_NOTE'));
  });
});

describe('a checkpoint', () => {
  test('of the specification is read', () => {
    const example = readFileSync(
      new URL('../vectors/note/checkpoint.txt', import.meta.url),
      'utf8',
    );
    const text = example.slice(0, example.indexOf('\n\n') + 1);
    const checkpoint = parseCheckpoint(text);
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163n });
    expect(formatCheckpoint(checkpoint)).toBe(text);
  });

  test('survives writing and reading, up to the largest tree', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: MAX_SIZE }), (size) => {
        expect(parseCheckpoint(formatCheckpoint({ origin, size, root }))).toEqual({
          origin,
          size,
          root,
        });
      }),
    );
  });

  test("another log's extension lines are let through", () => {
    expect(parseCheckpoint(`${body}Timestamp: 1\n`)).toEqual({ origin, size: 2n, root });
  });

  test('is the log’s only with a signature of its own, witnesses do not do', () => {
    const known = [...verifiers, ed25519Verifier('w.example', raw)];
    const cosigned = signNote(body, [signer, cosigner]);
    expect(openCheckpoint(cosigned, known, origin).checkpoint.size).toBe(2n);
    expect(() => openCheckpoint(signNote(body, [cosigner]), known, origin)).toThrow(
      refused('NOT_SIGNED_BY_LOG'),
    );
    expect(() => openCheckpoint(note, known, 'other.example')).toThrow(refused('WRONG_ORIGIN'));
  });

  test.each([
    ['nothing', ''],
    ['one line', `${origin}\n`],
    ['two lines', `${origin}\n2\n`],
    ['no newline at the end', body.slice(0, -1)],
    ['no origin', `\n2\n${rootText}\n`],
    ['a size with a zero in front', `${origin}\n02\n${rootText}\n`],
    ['a negative size', `${origin}\n-2\n${rootText}\n`],
    ['a size with a plus', `${origin}\n+2\n${rootText}\n`],
    ['a size with a space', `${origin}\n 2\n${rootText}\n`],
    ['a hexadecimal size', `${origin}\n0x2\n${rootText}\n`],
    ['a size in other digits', `${origin}\n٢\n${rootText}\n`],
    ['a size of 2^64', `${origin}\n18446744073709551616\n${rootText}\n`],
    ['an endless size', `${origin}\n${'9'.repeat(1000)}\n${rootText}\n`],
    ['no size', `${origin}\n\n${rootText}\n`],
    ['a short root', `${origin}\n2\n${toBase64(root.slice(1))}\n`],
    ['a long root', `${origin}\n2\n${toBase64(Uint8Array.of(...root, 0))}\n`],
    ['a root in hex', `${origin}\n2\n${Buffer.from(root).toString('hex')}\n`],
    ['an empty tree with a root', `${origin}\n0\n${rootText}\n`],
    ['an empty extension line', `${body}\n`],
    ['a tab in an extension line', `${body}a\tb\n`],
    ['an escape in the origin', `log\u001b[2J\n2\n${rootText}\n`],
  ])('with %s is refused', (_what, bad) => {
    expect(() => parseCheckpoint(bad)).toThrow(refused('MALFORMED_CHECKPOINT'));
  });

  test.each([
    ['no origin', { origin: '', size: 2n, root }, 'MALFORMED_CHECKPOINT'],
    ['two origins', { origin: 'a\nb', size: 2n, root }, 'MALFORMED_CHECKPOINT'],
    ['a root over nothing', { origin, size: 0n, root }, 'MALFORMED_CHECKPOINT'],
    ['a negative size', { origin, size: -1n, root }, 'OUT_OF_RANGE'],
    ['a size of 2^64', { origin, size: MAX_SIZE + 1n, root }, 'OUT_OF_RANGE'],
    ['a short root', { origin, size: 2n, root: root.slice(1) }, 'MALFORMED_HASH'],
  ])('with %s is not written', (_what, bad, code) => {
    expect(() => formatCheckpoint(bad)).toThrow(refused(code));
  });

  test('of an empty tree has the root of nothing', () => {
    const empty = { origin, size: 0n, root: EMPTY_ROOT };
    expect(parseCheckpoint(formatCheckpoint(empty))).toEqual(empty);
  });
});

describe('a proof file', () => {
  test('proves its leaf, by the entry or by its hash', () => {
    expect(formatProofFile({ index: 0n, proof: [sibling], checkpoint: note })).toBe(file);
    const proven = verifyProofFile({ text: file, entry, verifiers, origin });
    expect(proven).toMatchObject({ index: 0n, size: 2n, checkpoint: { origin, size: 2n, root } });
    expect(verifyProofFile({ text: Buffer.from(file), leafHash: leaf, verifiers, origin })).toEqual(
      proven,
    );
  });

  test('of the only leaf has no hashes, and extra data survives', () => {
    const alone = formatCheckpoint({ origin, size: 1n, root: leaf });
    const extra = Uint8Array.of(1, 2, 3);
    const whole = { index: 0n, proof: [], checkpoint: signNote(alone, [signer]), extra };
    const text = formatProofFile(whole);
    expect(parseProofFile(text)).toEqual(whole);
    expect(verifyProofFile({ text, entry, verifiers, origin }).size).toBe(1n);
  });

  test.each([
    ['nothing', '', 'MALFORMED_PROOF_FILE'],
    ['another version', file.replace('@v1', '@v2'), 'MALFORMED_PROOF_FILE'],
    ['a space before', ` ${file}`, 'MALFORMED_PROOF_FILE'],
    ['a byte order mark', `\ufeff${file}`, 'MALFORMED_PROOF_FILE'],
    ['no header', file.slice(23), 'MALFORMED_PROOF_FILE'],
    ['no index', file.replace('index 0\n', ''), 'MALFORMED_PROOF_FILE'],
    ['an index with a zero', file.replace('index 0', 'index 00'), 'MALFORMED_PROOF_FILE'],
    ['a negative index', file.replace('index 0', 'index -0'), 'MALFORMED_PROOF_FILE'],
    [
      'an endless index',
      file.replace('index 0', `index 1${'0'.repeat(99)}`),
      'MALFORMED_PROOF_FILE',
    ],
    ['two spaces', file.replace('index 0', 'index  0'), 'MALFORMED_PROOF_FILE'],
    ['two indices', file.replace('index 0', 'index 0\nindex 0'), 'MALFORMED_PROOF_FILE'],
    [
      'extra after the index',
      file.replace('index 0', 'index 0\nextra AA=='),
      'MALFORMED_PROOF_FILE',
    ],
    ['extra twice', file.replace('index', 'extra AA==\nextra AA==\nindex'), 'MALFORMED_PROOF_FILE'],
    ['extra that is no base64', file.replace('index', 'extra A\nindex'), 'MALFORMED_PROOF_FILE'],
    ['a short hash', file.replace(toBase64(sibling), 'AAAA'), 'MALFORMED_PROOF_FILE'],
    ['a hash in hex', file.replace(toBase64(sibling), 'a'.repeat(64)), 'MALFORMED_PROOF_FILE'],
    [
      '65 hashes',
      file.replace('index 0\n', `index 0\n${`${rootText}\n`.repeat(65)}`),
      'MALFORMED_PROOF_FILE',
    ],
    ['carriage returns', file.replaceAll('\n', '\r\n'), 'MALFORMED_PROOF_FILE'],
    ['no checkpoint', file.slice(0, file.indexOf('\n\n')), 'MALFORMED_PROOF_FILE'],
    ['an empty checkpoint', file.slice(0, file.indexOf('\n\n') + 2), 'MALFORMED_NOTE'],
    ['a third blank line', file.replace('\n\n', '\n\n\n'), 'BAD_SIGNATURE'],
    ['an unsigned checkpoint', file.slice(0, -line.length - 1), 'MALFORMED_NOTE'],
    ['a changed size', file.replace('\n2\n', '\n3\n'), 'BAD_SIGNATURE'],
    ['an index beyond the tree', file.replace('index 0', 'index 2'), 'OUT_OF_RANGE'],
    ["the sibling's index", file.replace('index 0', 'index 1'), 'BAD_PROOF'],
    ['a hash too few', file.replace(`${toBase64(sibling)}\n`, ''), 'BAD_PROOF'],
    ['a hash too many', file.replace('index 0', `index 0\n${rootText}`), 'BAD_PROOF'],
    ['another hash', file.replace(toBase64(sibling), rootText), 'BAD_PROOF'],
    ['too many bytes', file.padEnd(MAX_PROOF_FILE_BYTES + 1), 'TOO_LARGE'],
  ])('with %s is refused', (_what, text, code) => {
    expect(() => verifyProofFile({ text, entry, verifiers, origin })).toThrow(refused(code));
  });

  test('of another leaf, log or key proves nothing', () => {
    const other = { text: file, entry, verifiers, origin };
    for (const [claim, code] of [
      [{ ...other, entry: Buffer.from('leaf 1') }, 'BAD_PROOF'],
      [{ text: file, leafHash: root, verifiers, origin }, 'BAD_PROOF'],
      [{ text: file, leafHash: Buffer.alloc(0), verifiers, origin }, 'MALFORMED_HASH'],
      [{ ...other, origin: 'other.example' }, 'WRONG_ORIGIN'],
      [{ ...other, verifiers: [] }, 'NO_KNOWN_SIGNATURE'],
    ] as const) {
      expect(() => verifyProofFile(claim)).toThrow(refused(code));
    }
  });

  test('with too many hashes, or one of another length, is not written', () => {
    const proof = Array.from({ length: 65 }, () => root);
    expect(() => formatProofFile({ index: 0n, proof, checkpoint: note })).toThrow(
      refused('MALFORMED_PROOF_FILE'),
    );
    expect(() => formatProofFile({ index: 0n, proof: [root.slice(1)], checkpoint: note })).toThrow(
      refused('MALFORMED_HASH'),
    );
  });
});

test('any text, and any real file with a few characters changed, ends in a TlogError', () => {
  const edit = fc.tuple(fc.nat({ max: file.length }), fc.nat({ max: 3 }), fc.string());
  const edited = edit.map(([at, cut, put]) => file.slice(0, at) + put + file.slice(at + cut));
  const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array(), edited);
  fc.assert(
    fc.property(hostile, (input) => {
      for (const run of [
        () => verifyProofFile({ text: input, entry, verifiers, origin }),
        () => parseCheckpoint(String(input)),
        () => openCheckpoint(input, verifiers, origin),
      ]) {
        try {
          run();
        } catch (error) {
          expect(error).toBeInstanceOf(TlogError);
        }
      }
    }),
    { numRuns: 500 },
  );
});
