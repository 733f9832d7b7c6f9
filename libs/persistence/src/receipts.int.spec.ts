import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSigner } from '#libs/attestation';
import { makeEntries, useDataSource } from '#libs/testing';
import { ed25519Signer, ed25519Verifier, verifyProofFile } from '#libs/tlog';
import { appendToLog, Checkpoints, lockLog, LogEntryEntity } from './index.js';
import { meddle } from './meddle.fixture.js';

const origin = 'log.example/spec';
const key = createSigner(new Uint8Array(32).fill(9));
const dataSource = useDataSource();

function checkpointsOf(): Checkpoints {
  const signer = ed25519Signer(origin, key.publicKey, (text) => key.sign(text));
  return new Checkpoints(dataSource(), origin, signer, ed25519Verifier(origin, key.publicKey));
}

async function append(count: number): Promise<readonly number[]> {
  return dataSource().transaction(async (manager) => {
    await lockLog(manager);
    return appendToLog(manager, makeEntries(count), new Date());
  });
}

describe('receipts of many leaves', () => {
  test('are those of each by itself, published with them or later', async () => {
    const checkpoints = checkpointsOf();
    const [from] = await append(300);
    const { checkpoint, receipts } = await checkpoints.publishWithReceipts([from!, from! + 299]);
    expect([...receipts.keys()]).toEqual([from, from! + 299]);
    const alone = new Map<number, string>();
    for (let index = 0; index < checkpoint!.size; index += 1) {
      alone.set(index, (await checkpoints.receipt(index))!);
    }
    const verifiers = [ed25519Verifier(origin, key.publicKey)];
    const entries = await dataSource().manager.find(LogEntryEntity);
    for (const { index, entry } of entries) {
      const text = alone.get(index)!;
      expect(verifyProofFile({ text, entry, verifiers, origin }).index).toBe(BigInt(index));
    }
    // In any order, with repeats, and some that are not covered.
    const batch = fc.array(fc.nat({ max: checkpoint!.size + 5 }), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(batch, async (indices) => {
        const covered = new Set(indices.filter((index) => index < checkpoint!.size));
        const expected = new Map([...covered].map((index) => [index, alone.get(index)]));
        expect(await checkpoints.receipts(indices)).toEqual(expected);
        const published = await checkpoints.publishWithReceipts(indices);
        expect(published).toEqual({ checkpoint, receipts: expected });
      }),
      { numRuns: 30 },
    );
  });

  test('of a log without a checkpoint for them come with one', async () => {
    const checkpoints = checkpointsOf();
    const indices = await append(5);
    expect(await checkpoints.receipts(indices)).toEqual(new Map());
    const { checkpoint, receipts } = await checkpoints.publishWithReceipts(indices);
    expect(receipts.size).toBe(5);
    for (const text of receipts.values()) expect(text.endsWith(checkpoint!.note)).toBe(true);
  });

  test.each([
    ['a leaf', 'log_entry', '"index" = 17', `"entry" = '\\x00'`],
    ['a node', 'log_node', '"level" = 5 AND "index" = 0', '"hash" = sha256("hash")'],
  ])('are none of them handed out once %s that they hang on was altered', async (_, ...where) => {
    const [table, row, set] = where;
    const checkpoints = checkpointsOf();
    const indices = [17, 18, 19, 40];
    const before = await checkpoints.receipts(indices);
    const undo = await meddle(dataSource(), { table, where: row, set });
    const asked = table === 'log_node' ? [40, 41] : indices;
    const corrupt: unknown = expect.objectContaining({ code: 'LOG_CORRUPT' });
    await expect(checkpoints.receipts(asked)).rejects.toEqual(corrupt);
    await expect(checkpoints.publishWithReceipts(asked)).rejects.toEqual(corrupt);
    await undo();
    expect(await checkpoints.receipts(indices)).toEqual(before);
  });
});
