import { describe, expect, test } from 'vitest';
import { createSigner } from '#libs/attestation';
import { makeEntries, useDataSource } from '#libs/testing';
import { ed25519Signer, ed25519Verifier, formatCheckpoint, signNote } from '#libs/tlog';
import { appendToLog, Checkpoints, lockLog } from './index.js';
import { meddle } from './meddle.fixture.js';

const origin = 'log.example/spec';
const dataSource = useDataSource();
const keysOf = (fill: number) => {
  const key = createSigner(new Uint8Array(32).fill(fill));
  const signer = ed25519Signer(origin, key.publicKey, (text) => key.sign(text));
  return [signer, ed25519Verifier(origin, key.publicKey)] as const;
};
const checkpoints = (fill = 9) => new Checkpoints(dataSource(), origin, ...keysOf(fill));
const corrupt: unknown = expect.objectContaining({
  name: 'PersistenceError',
  code: 'LOG_CORRUPT',
});

async function append(count: number): Promise<readonly number[]> {
  return dataSource().transaction(async (manager) => {
    await lockLog(manager);
    return appendToLog(manager, makeEntries(count), new Date());
  });
}

const meddleWith = async (table: string, where: string, set = '', values: unknown[] = []) =>
  meddle(dataSource(), { table, where, set }, values);

describe('a log neither grows nor signs', () => {
  test.each([
    [
      'a subtree was exchanged',
      'log_node',
      '"level" = 2 AND "index" = 0',
      '"hash" = sha256("hash")',
    ],
    ['the last root was rewritten', 'log_checkpoint', '"size" = 6', '"root" = sha256("root")'],
  ])('when %s', async (_, table, where, set) => {
    if ((await checkpoints().latest()) === null) await append(6);
    const last = await checkpoints().publish();
    const undo = await meddleWith(table, where, set);
    await expect(append(1)).rejects.toEqual(corrupt);
    await undo();
    expect(await checkpoints().publish()).toEqual(last);
  });

  test('when leaves that were signed are gone, as after a restore of an old copy', async () => {
    const last = await checkpoints().publish();
    const undo = await meddleWith('log_entry', `"index" = ${last!.size - 1}`, '');
    await expect(append(1)).rejects.toEqual(corrupt);
    await expect(checkpoints().publish()).rejects.toEqual(corrupt);
    await undo();
    expect(await checkpoints().publish()).toEqual(last);
  });
});

describe('a log signs nothing', () => {
  test('over leaves that were added to another tree', async () => {
    await append(1);
    const undo = await meddleWith(
      'log_node',
      '"level" = 1 AND "index" = 2',
      '"hash" = sha256("hash")',
    );
    await expect(checkpoints().publish()).rejects.toEqual(corrupt);
    await undo();
    expect((await checkpoints().publish())?.size).toBe(7);
  });

  test('when its key is another one, or the last note another text', async () => {
    await append(1);
    await expect(checkpoints(8).publish()).rejects.toEqual(corrupt);
    const set = `"note" = replace("note", 'spec', 'spic')`;
    const undo = await meddleWith('log_checkpoint', '"size" = 7', set);
    await expect(checkpoints().publish()).rejects.toEqual(corrupt);
    await undo();
    expect((await checkpoints().publish())?.size).toBe(8);
  });

  test('after a root of other leaves, with a note that another key signed', async () => {
    const root = new Uint8Array(32).fill(1);
    const note = signNote(formatCheckpoint({ origin, size: 8n, root }), [keysOf(8)[0]]);
    await append(1);
    const set = '"root" = $1, "note" = $2';
    const undo = await meddleWith('log_checkpoint', '"size" = 8', set, [Buffer.from(root), note]);
    await expect(checkpoints().publish()).rejects.toEqual(corrupt);
    await undo();
    expect((await checkpoints().publish())?.size).toBe(9);
  });
});

test('a leaf that was rewritten or removed gets no receipt, and the others still do', async () => {
  await append(2);
  await checkpoints().publish();
  const undo = await meddleWith('log_entry', '"index" = 1', `"entry" = '\\x00'`);
  await expect(checkpoints().receipt(1)).rejects.toEqual(corrupt);
  expect(await checkpoints().receipt(0)).toContain('index 0');
  await undo();
  expect(await checkpoints().receipt(1)).toContain('index 1');
  const bringBack = await meddleWith('log_entry', '"index" = 1');
  await expect(checkpoints().receipt(1)).rejects.toEqual(corrupt);
  await bringBack();
});
