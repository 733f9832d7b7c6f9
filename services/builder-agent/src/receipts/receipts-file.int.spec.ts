import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { signStatement, type Envelope } from '#libs/attestation';
import { ReceiptsHeader, ReceiptsLine } from '#libs/contracts';
import { sha256, toBase64 } from '#libs/encoding';
import { scratchDirectory } from '../agent.fixture.js';
import { makeFolderDurably, writeDurably } from '../jobs/durable-file.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { playCoordinator, signerOf, type OpenedRound } from '../round.fixture.js';
import { receiptsFile } from './receipts-file.js';

const builder = signerOf(1);
const played = playCoordinator();
const KEPT_AT = new Date('2026-09-10T04:00:05.000Z');
const sealed = {
  result: signStatement({ what: 'result' }, builder),
  commit: signStatement({ what: 'commit' }, builder),
};
const reveal = signStatement({ what: 'reveal' }, builder);

beforeAll(() => {
  Logger.overrideLogger(false);
});

let dir: string;
let store: JobStoreService;
let opened: OpenedRound;
beforeEach(async () => {
  dir = await scratchDirectory();
  store = new JobStoreService({ STATE_DIR: dir });
  // Long ago: a job of that age is settled, and not looked at any more.
  opened = played.open([builder], { openedAt: '2020-01-01T00:00:00Z' });
  await store.add(opened.round, opened.envelope);
  await store.seal(opened.round, sealed);
});

async function linesOf(): Promise<readonly ReceiptsLine[]> {
  const { text } = await receiptsFile(dir, played.coordinator);
  const [header = '', ...lines] = text.trimEnd().split('\n');
  expect(ReceiptsHeader.parse(JSON.parse(header)).origin).toBe(played.coordinator.origin);
  return lines.map((line) => ReceiptsLine.parse(JSON.parse(line)));
}

test('what was receipted stays for good and is given out, with all that the coordinator sent', async () => {
  const proof = (envelope: Envelope): string => played.log(envelope, builder.publicKey);
  const [commitReceipt, resultReceipt] = [proof(sealed.commit), proof(sealed.result)];
  const [close, verdict] = [played.close(opened.round), played.decide(opened.round)];
  const answer = signStatement({ what: 'answer' }, builder);
  const answerReceipt = proof(answer);
  await store.addReceipt(opened.round, 'commitReceipt', commitReceipt);
  await store.addClose(opened.round, close, KEPT_AT);
  await store.show(opened.round, { grounds: 'witnessed', reveal });
  await store.addReceipt(opened.round, 'resultReceipt', resultReceipt);
  await store.addVerdict(opened.round, verdict);
  await store.answer(opened.round, answer);
  await store.addReceipt(opened.round, 'answerReceipt', answerReceipt);
  expect(await store.pending()).toEqual([]);

  const [own, log] = [toBase64(builder.publicKey), toBase64(played.signer.publicKey)];
  const type = 'envelope';
  expect(await linesOf()).toEqual([
    { type, publicKey: log, envelope: opened.envelope, proof: null },
    { type, publicKey: own, envelope: sealed.commit, proof: commitReceipt },
    { type, publicKey: log, envelope: close, proof: null },
    { type, publicKey: own, envelope: sealed.result, proof: resultReceipt },
    { type, publicKey: own, envelope: reveal, proof: null },
    { type, publicKey: log, envelope: verdict, proof: null },
    { type, publicKey: own, envelope: answer, proof: answerReceipt },
  ]);
});

test('a result that was not shown yet is not given out', async () => {
  const text = JSON.stringify(await linesOf());
  expect(text).toContain(sealed.commit.payload);
  expect(text).not.toContain(sealed.result.payload);
});

test('a result of a round that hides nothing is given out', async () => {
  const other = played.open([builder], { blind: false });
  await store.add(other.round, other.envelope);
  await store.seal(other.round, sealed);
  expect(JSON.stringify(await linesOf())).toContain(sealed.result.payload);
});

test('the newest checkpoint that the agent verified goes with it', async () => {
  await makeFolderDurably(join(dir, 'witness'));
  await writeDurably(join(dir, 'witness', sha256(played.coordinator.origin)), 'a note');
  expect((await linesOf()).at(-1)).toEqual({ type: 'checkpoint', note: 'a note' });
});

test('an envelope by a key that no roster names is left out, and counted', async () => {
  const other = played.open([builder]);
  await store.add(other.round, other.envelope);
  const stranger = signStatement({ what: 'commit' }, signerOf(9));
  await store.seal(other.round, { result: stranger, commit: stranger });
  expect(await receiptsFile(dir, played.coordinator)).toMatchObject({ envelopes: 3, unknown: 1 });
});

test('a round of the log before, by another key, is not given out with this one', async () => {
  const before = playCoordinator(201, 'before.invalid/log');
  const other = before.open([builder]);
  await store.add(other.round, other.envelope);
  const commit = signStatement({ what: 'commit', round: other.round }, builder);
  await store.seal(other.round, { result: sealed.result, commit });
  await store.addReceipt(other.round, 'commitReceipt', before.log(commit, builder.publicKey));
  const told = await linesOf();
  expect(told.map((line) => (line.type === 'envelope' ? line.envelope : line))).toEqual([
    opened.envelope,
    sealed.commit,
  ]);
  expect(await receiptsFile(dir, played.coordinator)).toMatchObject({ unknown: 0 });
});

test('a receipt that does not hold in this log is left out, and its envelope is not', async () => {
  const before = playCoordinator(200, 'before.invalid/log');
  const foreign = before.log(sealed.commit, builder.publicKey);
  await store.addReceipt(opened.round, 'commitReceipt', foreign);
  const told = await linesOf();
  expect(told[1]).toMatchObject({ envelope: sealed.commit, proof: null });
});
