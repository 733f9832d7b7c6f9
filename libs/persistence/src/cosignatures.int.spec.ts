import { createSigner } from '#libs/attestation';
import { beforeAll, expect, test } from 'vitest';
import { makeEntries, useDataSource } from '#libs/testing';
import {
  cosign,
  cosignatureVerifier,
  ed25519Signer,
  ed25519Verifier,
  hashLeaf,
  openCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '#libs/tlog';
import {
  appendToLog,
  CheckpointEntity,
  Checkpoints,
  cosignedNote,
  cosignedNotes,
  keepCosignature,
  lastCosignedSize,
  lockLog,
  LogEntryEntity,
  readConsistencyProof,
  readInclusionProof,
} from './index.js';

const origin = 'log.example/spec';
const key = createSigner(new Uint8Array(32).fill(9));
const witnesses = [21, 22].map((seed) => createSigner(new Uint8Array(32).fill(seed)));
const verifiers = [
  ed25519Verifier(origin, key.publicKey),
  ...witnesses.map(({ id, publicKey }) => cosignatureVerifier(id, publicKey)),
];
const dataSource = useDataSource();
const checkpoints: CheckpointEntity[] = [];

beforeAll(async () => {
  const signer = ed25519Signer(origin, key.publicKey, (text) => key.sign(text));
  const log = new Checkpoints(dataSource(), origin, signer, verifiers[0]!);
  for (const count of [3, 9]) {
    await dataSource().transaction(async (manager) => {
      await lockLog(manager);
      await appendToLog(manager, makeEntries(count), new Date());
    });
    checkpoints.push((await log.publish())!);
  }
});

function lineOf(at: number, { note }: CheckpointEntity, timeS: number): string {
  const { id: name, publicKey } = witnesses[at]!;
  const sign = (message: Uint8Array): Uint8Array => witnesses[at]!.sign(message);
  return cosign(note.slice(0, note.lastIndexOf('\n\n') + 1), { name, publicKey, sign, timeS });
}
async function keep(at: number, checkpoint: CheckpointEntity, timeS: number): Promise<void> {
  const line = lineOf(at, checkpoint, timeS);
  const { manager } = dataSource();
  await keepCosignature(manager, { size: checkpoint.size, witness: witnesses[at]!.id, line });
}

test('a checkpoint is given with the first line that each witness gave for it', async () => {
  const { manager } = dataSource();
  const [old, newest] = checkpoints as [CheckpointEntity, CheckpointEntity];
  expect(await cosignedNote(manager, newest)).toBe(newest.note);
  await keep(0, old, 1);
  await keep(0, newest, 2);
  await keep(1, newest, 3);
  await keep(1, newest, 4);
  const notes = await cosignedNotes(manager, [newest, old]);
  const opened = notes.map((note) => openCheckpoint(note, verifiers, origin).verified.length);
  expect(opened).toEqual([3, 2]);
  expect(notes[0]).toContain(lineOf(1, newest, 3));
  expect(notes[0]).not.toContain(lineOf(1, newest, 4));
  expect(await cosignedNotes(manager, [])).toEqual([]);
});

test('a witness is known by the largest size that it cosigned', async () => {
  const { manager } = dataSource();
  const sizes = [...witnesses.map(({ id }) => id), 'nobody'].map((id) =>
    lastCosignedSize(manager, id),
  );
  expect(await Promise.all(sizes)).toEqual([12, 12, 0]);
});

test.each([
  `UPDATE "log_cosignature" SET "line" = ''`,
  `DELETE FROM "log_cosignature"`,
  `TRUNCATE "log_cosignature"`,
])('no cosignature is ever taken back: %s', async (statement) => {
  await expect(dataSource().query(statement)).rejects.toThrow(/only ever added/);
});

test('growth and leaves are proven from what is stored', async () => {
  const { manager } = dataSource();
  const [old, newest] = checkpoints as [CheckpointEntity, CheckpointEntity];
  const [root1, root2] = [new Uint8Array(old.root), new Uint8Array(newest.root)];
  const proof = await readConsistencyProof(manager, 3, 12);
  verifyConsistency({ size1: 3n, root1, size2: 12n, root2, proof });
  expect(await readConsistencyProof(manager, 0, 12)).toEqual([]);
  expect(await readConsistencyProof(manager, 12, 12)).toEqual([]);
  const { entry } = await manager.findOneByOrFail(LogEntryEntity, { index: 5 });
  const path = await readInclusionProof(manager, 5, 12);
  const leafHash = hashLeaf(new Uint8Array(entry));
  verifyInclusion({ leafHash, index: 5n, size: 12n, proof: path, root: root2 });
  const beyond = { name: 'TlogError', code: 'OUT_OF_RANGE' };
  await expect(readConsistencyProof(manager, 13, 12)).rejects.toMatchObject(beyond);
  await expect(readInclusionProof(manager, 12, 12)).rejects.toMatchObject(beyond);
});
