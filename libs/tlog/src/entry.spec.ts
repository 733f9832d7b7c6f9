import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromHex, sha256, toHex } from '#libs/encoding';
import { hashEntryLeaf, hashLeaf, logEntry } from './index.js';

// RFC 8032 section 7.1, TEST 1: key and signature over nothing.
const publicKey = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
const signature = fromHex(
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
);
const paeSha256 = sha256('');
const golden = readFileSync(new URL('../golden/entry.json', import.meta.url));

describe('a log entry', () => {
  test('is the golden one, byte for byte', () => {
    const entry = logEntry({ paeSha256, signature, publicKey });
    expect(Buffer.from(entry).toString()).toBe(golden.toString().trimEnd());
    expect(toHex(hashLeaf(entry))).toBe(
      '25f6c545e936193a31d17866479b72d32ddfd6a65d655e5560bdfd04958cc09c',
    );
  });

  test('is hashed into its leaf without being made, and one that was given stays as it is', () => {
    const first = { paeSha256, signature, publicKey };
    const entry = logEntry(first);
    const second = {
      paeSha256: sha256('another'),
      signature: signature.toReversed(),
      publicKey: publicKey.toReversed(),
    };
    const leaves = [hashEntryLeaf(second), hashEntryLeaf(first)];
    expect(leaves).toEqual([hashLeaf(logEntry(second)), hashLeaf(entry)]);
    expect(Buffer.from(entry).toString()).toBe(golden.toString().trimEnd());
  });

  test('of which ever length has the leaf that its bytes have', () => {
    for (const length of [0, 1, 406, 1022, 1023, 1024, 5000]) {
      const entry = new Uint8Array(length).fill(length);
      const prefixed = Uint8Array.of(0, ...entry);
      expect(toHex(hashLeaf(entry))).toBe(sha256(prefixed));
    }
  });

  test.each([
    ['signature', { paeSha256, signature: signature.slice(1), publicKey }],
    ['key', { paeSha256, signature, publicKey: publicKey.slice(1) }],
    ['digest', { paeSha256: 'AB' as typeof paeSha256, signature, publicKey }],
  ])('with a %s of another length is refused', (_what, bad) => {
    expect(() => logEntry(bad)).toThrow(expect.objectContaining({ code: 'MALFORMED_ENTRY' }));
  });
});
