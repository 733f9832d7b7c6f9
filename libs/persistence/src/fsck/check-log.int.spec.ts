import { beforeAll, describe, expect, test } from 'vitest';
import {
  commitmentOf,
  createSigner,
  envelopeDigest,
  signatureOf,
  signStatement,
} from '#libs/attestation';
import { canonicalJson } from '#libs/encoding';
import { useDataSource } from '#libs/testing';
import { ed25519Signer, ed25519Verifier, logEntry } from '#libs/tlog';
import { appendToLog, checkLog, Checkpoints, lockLog, type LogFinding } from '../index.js';
import { meddle } from '../meddle.fixture.js';

const LEAVES = 1_030;
const CHECKED = 700;
const origin = 'log.example/spec';
const dataSource = useDataSource();
const key = createSigner(new Uint8Array(32).fill(9));
const other = createSigner(new Uint8Array(32).fill(8));
const verifier = ed25519Verifier(origin, key.publicKey);

const check = async (by = verifier) =>
  dataSource().transaction('REPEATABLE READ', async (manager) =>
    checkLog(manager, { origin, verifier: by }),
  );

function entryOf(nth: number) {
  const envelope = signStatement({ nth }, other);
  const entry = logEntry({
    paeSha256: commitmentOf(envelope),
    signature: signatureOf(envelope),
    publicKey: other.publicKey,
  });
  const [envelopeSha256, body] = [envelopeDigest(envelope), canonicalJson(envelope)];
  return { envelopeSha256, body, entry, kind: 'commit', round: 'aa', builder: null } as const;
}

async function append(from: number, to: number): Promise<void> {
  const entries = Array.from({ length: to - from }, (_, at) => entryOf(from + at));
  await dataSource().transaction(async (manager) => {
    await lockLog(manager);
    await appendToLog(manager, entries, new Date());
  });
}

beforeAll(async () => {
  const signer = ed25519Signer(origin, key.publicKey, (text) => key.sign(text));
  const checkpoints = new Checkpoints(dataSource(), origin, signer, verifier);
  await append(0, CHECKED);
  await checkpoints.publish();
  await append(CHECKED, LEAVES);
  await checkpoints.publish();
});

test('a sound log is found sound, all of it', async () => {
  expect(await check()).toEqual({ leaves: LEAVES, checkpoints: 2, finding: null });
});

describe('the first thing wrong is named', () => {
  const rewritten = `"entry" = convert_to(replace(convert_from("entry", 'UTF8'), '0.0.2', '0.0.3'), 'UTF8')`;
  test.each<[string, { table: string; where: string; set?: string }, Partial<LogFinding>]>([
    [
      'an entry that was rewritten',
      { table: 'log_entry', where: '"index" = 17', set: rewritten },
      { code: 'leaf-hash', where: 'leaf 17' },
    ],
    [
      'an entry that was rewritten, hash and all',
      {
        ...{ table: 'log_entry', where: '"index" = 17' },
        set: `${rewritten}, "leaf_hash" = sha256('\\x00'::bytea || convert_to(replace(convert_from("entry", 'UTF8'), '0.0.2', '0.0.3'), 'UTF8'))`,
      },
      { code: 'entry', where: 'leaf 17' },
    ],
    [
      'a leaf that was removed',
      { table: 'log_entry', where: '"index" = 600' },
      { code: 'missing-leaf', where: 'leaf 600' },
    ],
    [
      'the newest leaves, removed',
      { table: 'log_entry', where: '"index" > 1020' },
      { code: 'missing-leaf', where: 'leaf 1021' },
    ],
    [
      'an envelope that was altered',
      {
        ...{ table: 'envelope', set: `"body" = "body" || ' '` },
        where: `"sha256" = '${entryOf(5).envelopeSha256}'`,
      },
      { code: 'envelope', where: 'leaf 5' },
    ],
    [
      'an envelope that is gone',
      { table: 'envelope', where: `"sha256" = '${entryOf(5).envelopeSha256}'` },
      { code: 'envelope', where: 'leaf 5' },
    ],
    [
      'a node that was exchanged',
      { table: 'log_node', where: '"level" = 3 AND "index" = 2', set: '"hash" = sha256("hash")' },
      { code: 'node', where: 'node 2 of level 3' },
    ],
    [
      'a node that is gone',
      { table: 'log_node', where: '"level" = 3 AND "index" = 2' },
      { code: 'node', where: 'the tree' },
    ],
    [
      'a root that was rewritten',
      { table: 'log_checkpoint', where: '"size" = 700', set: '"root" = sha256("root")' },
      { code: 'checkpoint', where: 'checkpoint of size 700' },
    ],
    [
      'a note that was rewritten',
      {
        table: 'log_checkpoint',
        where: '"size" = 1030',
        set: `"note" = replace("note", 'spec', 'spic')`,
      },
      { code: 'checkpoint', where: 'checkpoint of size 1030' },
    ],
  ])('%s', async (_, change, finding) => {
    const undo = await meddle(dataSource(), change);
    expect((await check()).finding).toMatchObject(finding);
    await undo();
  });

  test('and nothing once all of it was put back', async () => {
    expect((await check()).finding).toBeNull();
  });

  test('a node too many', async () => {
    await dataSource().query(`INSERT INTO "log_node" VALUES (9, 9, '\\x00')`);
    expect((await check()).finding).toMatchObject({ code: 'node', where: 'the tree' });
  });

  test('a log of another key', async () => {
    const { finding } = await check(ed25519Verifier(origin, other.publicKey));
    expect(finding).toMatchObject({ code: 'checkpoint', where: 'checkpoint of size 700' });
  });
});
