import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitmentOf, createSigner, signatureOf, signStatement } from '#libs/attestation';
import { canonicalJson, toHex } from '#libs/encoding';
import {
  appendLeaves,
  ed25519Signer,
  ed25519Verifier,
  EMPTY_FRONTIER,
  encodeEntryBundle,
  encodeTile,
  formatCheckpoint,
  hashLeaf,
  logEntry,
  rootOfFrontier,
  signNote,
  tilePath,
  tilesForSize,
} from '#libs/tlog';
import { checkCopy } from './check-copy.js';
import type { LogSource } from './log-source.js';

const LEAVES = 258;
const origin = 'log.example/spec';
const key = createSigner(new Uint8Array(32).fill(9));
const builder = createSigner(new Uint8Array(32).fill(8));
const verifier = ed25519Verifier(origin, key.publicKey);

/** A copy as a folder holds it: bytes by name. */
type Files = ReadonlyMap<string, Uint8Array>;

const envelopes = Array.from({ length: LEAVES }, (_, nth) => signStatement({ nth }, builder));
const entries = envelopes.map((envelope) =>
  logEntry({
    ...{ paeSha256: commitmentOf(envelope), signature: signatureOf(envelope) },
    publicKey: builder.publicKey,
  }),
);

function makeCopy(): Files {
  const { frontier, nodes } = appendLeaves(EMPTY_FRONTIER, entries.map(hashLeaf));
  const files = new Map<string, Uint8Array>();
  const root = rootOfFrontier(frontier);
  const note = signNote(formatCheckpoint({ origin, size: BigInt(LEAVES), root }), [
    ed25519Signer(origin, key.publicKey, (text) => key.sign(text)),
  ]);
  files.set('checkpoint', Buffer.from(note));
  for (const id of tilesForSize(BigInt(LEAVES))) {
    const begin = Number(id.index) * 256;
    if (id.level === 'entries') {
      files.set(tilePath(id), encodeEntryBundle(entries.slice(begin, begin + id.width)));
      continue;
    }
    const level = id.level * 8;
    const hashes = nodes.filter((node) => node.level === level).map(({ hash }) => hash);
    files.set(tilePath(id), encodeTile(hashes.slice(begin, begin + id.width)));
  }
  for (const [nth, envelope] of envelopes.entries()) {
    files.set(toHex(hashLeaf(entries[nth]!)), Buffer.from(canonicalJson(envelope)));
  }
  return files;
}

function sourceOf(files: Files): LogSource {
  const text = (name: string): string => Buffer.from(files.get(name) ?? []).toString('utf8');
  return {
    name: 'a copy',
    checkpoint: () => Promise.resolve(text('checkpoint')),
    tile: (id) => Promise.resolve(files.get(tilePath(id))),
    proposal: () => Promise.resolve(undefined),
    envelopes: (_, leafHashes) => {
      const missing = leafHashes.findIndex((leafHash) => !files.has(toHex(leafHash)));
      const held = leafHashes.slice(0, missing < 0 ? leafHashes.length : missing);
      return Promise.resolve(held.map((leafHash) => text(toHex(leafHash))));
    },
  };
}

const whole = makeCopy();
const check = (files: Files) => checkCopy(sourceOf(files), { origin, verifier });
const nameArb = fc.constantFrom(...whole.keys());

describe('a copy of a log', () => {
  test('is found sound, all of it', async () => {
    expect(await check(whole)).toEqual({ leaves: LEAVES, checkpoints: 1, finding: null });
  });

  test('is found out wherever a byte was changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        nameArb,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (name, at, by) => {
          const bytes = Uint8Array.from(whole.get(name)!);
          bytes[at % bytes.length]! ^= by;
          const { finding } = await check(new Map(whole).set(name, bytes));
          expect(finding).not.toBeNull();
        },
      ),
      { numRuns: 25 },
    );
  });

  test('is found out where only the hint for a key was changed, which nobody signs', async () => {
    const name = toHex(hashLeaf(entries[7]!));
    const text = Buffer.from(whole.get(name)!).toString('utf8');
    const other = text.replace(/"keyid":"../, '"keyid":"00');
    expect(other).not.toBe(text);
    const { finding, leaves } = await check(new Map(whole).set(name, Buffer.from(other)));
    expect([leaves, finding]).toMatchObject([7, { code: 'envelope', where: 'leaf 7' }]);
  });

  test('is found out whatever is missing, or stands in another’s place', async () => {
    await fc.assert(
      fc.asyncProperty(nameArb, nameArb, async (name, other) => {
        const without = new Map(whole);
        without.delete(name);
        expect((await check(without)).finding).not.toBeNull();
        fc.pre(name !== other);
        const { finding } = await check(new Map(whole).set(name, whole.get(other)!));
        expect(finding).not.toBeNull();
      }),
      { numRuns: 10 },
    );
  });
});
