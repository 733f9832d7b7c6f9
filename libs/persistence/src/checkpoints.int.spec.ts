import { describe, expect, test } from 'vitest';
import { createSigner } from '#libs/attestation';
import { makeEntries, useDataSource } from '#libs/testing';
import { ed25519Signer, ed25519Verifier, openCheckpoint, type NodeId } from '#libs/tlog';
import { appendToLog, CheckpointEntity, Checkpoints, lockLog } from './index.js';

const origin = 'log.example/spec';
const key = createSigner(new Uint8Array(32).fill(9));
const dataSource = useDataSource();

/** Checkpoints that count how often their key was used. */
function checkpointsOf(): { checkpoints: Checkpoints; signed: () => number } {
  let count = 0;
  const verifier = ed25519Verifier(origin, key.publicKey);
  const signer = ed25519Signer(origin, key.publicKey, (text) => {
    count += 1;
    return key.sign(text);
  });
  return {
    checkpoints: new Checkpoints(dataSource(), origin, signer, verifier),
    signed: () => count,
  };
}

async function append(count: number): Promise<readonly number[]> {
  return dataSource().transaction(async (manager) => {
    await lockLog(manager);
    return appendToLog(manager, makeEntries(count), new Date());
  });
}

/** What a broken disk, or somebody with the database's own keys, does to the tree. */
async function loseNode({ level, index }: NodeId): Promise<void> {
  await dataSource().transaction(async (manager) => {
    await manager.query(`SET LOCAL session_replication_role = 'replica'`);
    await manager.query(`DELETE FROM "log_node" WHERE "level" = $1 AND "index" = $2`, [
      level,
      index.toString(),
    ]);
  });
}

describe('checkpoints', () => {
  test('of a log without leaves are none', async () => {
    const { checkpoints, signed } = checkpointsOf();
    expect(await checkpoints.publish()).toBeNull();
    expect(await checkpoints.latest()).toBeNull();
    expect(await checkpoints.receipt(0)).toBeNull();
    expect(signed()).toBe(0);
  });

  test('of one size are signed once, and read ever after', async () => {
    await append(3);
    const [one, other] = [checkpointsOf(), checkpointsOf()];
    const checkpoint = await one.checkpoints.publish();
    expect(await one.checkpoints.publish()).toEqual(checkpoint);
    expect(await other.checkpoints.publish()).toEqual(checkpoint);
    expect([one.signed(), other.signed()]).toEqual([1, 0]);
    const verifiers = [ed25519Verifier(origin, key.publicKey)];
    expect(openCheckpoint(checkpoint!.note, verifiers, origin).checkpoint).toEqual({
      origin,
      size: 3n,
      root: new Uint8Array(checkpoint!.root),
    });
  });

  test('are one note when many replicas publish at the same time', async () => {
    await append(2);
    const replicas = Array.from({ length: 6 }, () => checkpointsOf());
    const notes = await Promise.all(replicas.map(({ checkpoints }) => checkpoints.publish()));
    expect(new Set(notes.map((checkpoint) => checkpoint!.note)).size).toBe(1);
    expect(replicas.reduce((sum, { signed }) => sum + signed(), 0)).toBe(1);
    expect(await dataSource().manager.countBy(CheckpointEntity, { size: 5 })).toBe(1);
  });

  test('cover a leaf before it has a receipt', async () => {
    const { checkpoints } = checkpointsOf();
    const [index] = await append(1);
    expect(await checkpoints.receipt(index!)).toBeNull();
    const checkpoint = await checkpoints.publish();
    expect(await checkpoints.receipt(index!)).toContain(checkpoint!.note);
    expect(await checkpoints.receipt(index! + 1)).toBeNull();
  });

  test('are made while others append, and never over what is not committed', async () => {
    const { checkpoints } = checkpointsOf();
    const before = await checkpoints.publish();
    const attempt = dataSource().transaction(async (manager) => {
      await lockLog(manager);
      await appendToLog(manager, makeEntries(1), new Date());
      expect(await checkpoints.publish()).toEqual(before);
      throw new Error('crashed before the commit');
    });
    await expect(attempt).rejects.toThrow('crashed');
    expect(await checkpoints.publish()).toEqual(before);
  });
});

describe('a log that lost a node of its tree', () => {
  const corrupt: unknown = expect.objectContaining({
    name: 'PersistenceError',
    code: 'LOG_CORRUPT',
  });

  test('gives no receipt that would need it', async () => {
    const { checkpoints } = checkpointsOf();
    await append(1);
    await checkpoints.publish();
    await loseNode({ level: 0, index: 1n });
    await expect(checkpoints.receipt(0)).rejects.toEqual(corrupt);
    await expect(checkpoints.receipts([0, 2])).rejects.toEqual(corrupt);
    await expect(checkpoints.publishWithReceipts([0, 2])).rejects.toEqual(corrupt);
    await expect(checkpoints.receipt(2)).resolves.toContain('index 2');
  });

  test('signs nothing and takes nothing more once its right edge is gone', async () => {
    const { checkpoints, signed } = checkpointsOf();
    expect(await append(1)).toEqual([7]);
    await loseNode({ level: 3, index: 0n });
    await expect(checkpoints.publish()).rejects.toEqual(corrupt);
    await expect(append(1)).rejects.toEqual(corrupt);
    expect(signed()).toBe(0);
  });
});
