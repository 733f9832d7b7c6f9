import fc from 'fast-check';
import { In, type DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ed25519Signer,
  ed25519Verifier,
  hashLeaf,
  rootAt,
  rootOf,
  verifyProofFile,
  type NodeId,
} from '#libs/tlog';
import { createSigner } from '#libs/attestation';
import { connectDatabase, makeEntries, usePostgres } from '#libs/testing';
import {
  appendToLog,
  Checkpoints,
  EnvelopeEntity,
  LogEntryEntity,
  LogNodeEntity,
  lockLog,
  logSize,
  migrate,
  type NewEntry,
} from './index.js';

const origin = 'log.example/spec';
const key = createSigner(new Uint8Array(32).fill(7));
const signer = ed25519Signer(origin, key.publicKey, (text) => key.sign(text));
const verifiers = [ed25519Verifier(origin, key.publicKey)];

const url = usePostgres();
let first: DataSource;
let second: DataSource;
beforeAll(async () => {
  [first, second] = await Promise.all([connectDatabase(url()), connectDatabase(url())]);
  await migrate(first);
});
afterAll(() => Promise.all([first.destroy(), second.destroy()]));

async function append(
  source: DataSource,
  entries: readonly NewEntry[],
): Promise<readonly number[]> {
  return source.transaction(async (manager) => {
    await lockLog(manager);
    return appendToLog(manager, entries, new Date());
  });
}

/** Everything that is stored of the log. */
async function stored() {
  const order = { index: 'ASC' } as const;
  const entries = await first.manager.find(LogEntryEntity, { order });
  const nodes = await first.manager.find(LogNodeEntity, { order: { level: 'ASC', index: 'ASC' } });
  const hashes = new Map(
    nodes.map(({ level, index, hash }) => [`${level}/${index}`, new Uint8Array(hash)]),
  );
  return {
    entries,
    leaves: entries.map(({ leafHash }) => new Uint8Array(leafHash)),
    read: ({ level, index }: NodeId) => hashes.get(`${level}/${index.toString()}`),
    nodes: nodes.length,
    envelopes: await first.manager.count(EnvelopeEntity),
  };
}

describe('the log', () => {
  test('has at every size the root of its leaves, in whatever batches they came', async () => {
    const batches = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 });
    const all: NewEntry[] = [];
    await fc.assert(
      fc.asyncProperty(batches, async (sizes) => {
        for (const size of sizes) {
          const entries = makeEntries(size);
          const at = all.length;
          expect(await append(first, entries)).toEqual(entries.map((_, plus) => at + plus));
          all.push(...entries);
        }
        const { leaves, read, entries } = await stored();
        expect(leaves).toEqual(all.map(({ entry }) => hashLeaf(entry)));
        expect(entries.map(({ entry }) => new Uint8Array(entry))).toEqual(
          all.map(({ entry }) => entry),
        );
        for (let size = 0; size <= leaves.length; size += 1) {
          expect(rootAt(BigInt(size), read)).toEqual(rootOf(leaves.slice(0, size)));
        }
      }),
      // One log grows from run to run: a smaller counterexample could not be told from it.
      { numRuns: 5, endOnFailure: true },
    );
  });

  test('proves each leaf by a receipt that verifies offline', async () => {
    const checkpoints = new Checkpoints(
      first,
      origin,
      signer,
      ed25519Verifier(origin, key.publicKey),
    );
    const checkpoint = await checkpoints.publish();
    const { entries, leaves } = await stored();
    expect(new Uint8Array(checkpoint!.root)).toEqual(rootOf(leaves));
    for (const { index, entry } of entries) {
      const text = await checkpoints.receipt(index);
      const proven = verifyProofFile({ text: text!, entry, verifiers, origin });
      expect(proven).toMatchObject({ index: BigInt(index), size: BigInt(entries.length) });
    }
  });

  test('is one and gapless when two coordinators append at the same time', async () => {
    const before = await logSize(first.manager);
    const batches = Array.from({ length: 30 }, (_, at) => makeEntries(1 + (at % 3)));
    const indices = await Promise.all(
      batches.map((entries, at) => append(at % 2 === 0 ? first : second, entries)),
    );
    const count = batches.flat().length;
    expect(indices.flat().toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: count }, (_, at) => before + at),
    );
    for (const batch of indices) {
      // What was appended together stands together.
      expect(batch).toEqual(batch.map((_, at) => batch[0]! + at));
    }
    const { leaves, read } = await stored();
    for (const [at, entries] of batches.entries()) {
      expect(leaves[indices[at]![0]!]).toEqual(hashLeaf(entries[0]!.entry));
    }
    expect(rootAt(BigInt(leaves.length), read)).toEqual(rootOf(leaves));
  });

  test('has no trace of a transaction that was rolled back', async () => {
    const before = await stored();
    const [lost, kept] = [makeEntries(3), makeEntries(3)];
    const attempt = first.transaction(async (manager) => {
      await lockLog(manager);
      await appendToLog(manager, lost, new Date());
      expect(await logSize(manager)).toBe(before.entries.length + 3);
      throw new Error('crashed before the commit');
    });
    await expect(attempt).rejects.toThrow('crashed before the commit');
    const after = await stored();
    expect(after).toEqual({ ...before, read: after.read });
    expect(await append(second, kept)).toEqual([0, 1, 2].map((at) => before.entries.length + at));
    const { leaves, read } = await stored();
    expect(rootAt(BigInt(leaves.length), read)).toEqual(rootOf(leaves));
  });

  test('takes an envelope once: a batch that repeats one is refused whole', async () => {
    const before = await stored();
    const [known] = makeEntries(1);
    await append(first, [known!]);
    await expect(append(second, [...makeEntries(2), known!])).rejects.toThrow('envelope_pk');
    expect(await logSize(first.manager)).toBe(before.entries.length + 1);
  });

  test.each(['envelopeSha256', 'round', 'builder'] as const)(
    'takes no batch in which a %s would be read as two',
    async (column) => {
      const before = await stored();
      const [one, ...others] = makeEntries(3);
      const batch = [{ ...one!, [column]: 'aa\nbb' }, ...others];
      await expect(append(first, batch)).rejects.toThrow('not-null constraint');
      const after = await stored();
      expect(after).toEqual({ ...before, read: after.read });
    },
  );

  test('keeps texts of any script and length as they are', async () => {
    const bodies = ['', '{"a":"\u00fc\u20ac\u{1f600}\\\\ \\""}', 'x'.repeat(20_000)];
    const entries = makeEntries(3).map((entry, at) => ({ ...entry, body: bodies[at]! }));
    await append(first, entries);
    const rows = await first.manager.findBy(EnvelopeEntity, {
      sha256: In(entries.map(({ envelopeSha256 }) => envelopeSha256)),
    });
    const found = new Map(rows.map(({ sha256, body }) => [sha256, body]));
    expect(entries.map(({ envelopeSha256 }) => found.get(envelopeSha256))).toEqual(bodies);
  });
});
