import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  commitmentOf,
  envelopeDigest,
  openKeyRecord,
  parseEnvelope,
  parseStatement,
  readKeyEvent,
  signatureOf,
  signStatement,
  unverifiedPayload,
  verdictRefusalStatement,
  type VerdictRefusal,
} from '#libs/attestation';
import { canonicalJson, fromBase64, sha256 } from '#libs/encoding';
import {
  appendToLog,
  CheckpointEntity,
  checkDatabase,
  keepCosignature,
  LinkEntity,
  lockLog,
} from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { eventually, makeSigner, useQuorum, type HandBuilder } from '#libs/testing';
import { cosign, ed25519Verifier, logEntry } from '#libs/tlog';
import { startNns } from '../../../e2e/world/nns/index.js';
import { Config } from './config.js';
import { startCoordinator } from './coordinator.js';

const nns = await startNns();
afterAll(() => nns.close());
const quorum = useQuorum({
  start: async (environment) => {
    const rootKeyFile = join(dirname(environment['SIGNING_KEY_FILE'] ?? ''), 'nns-root-key.der');
    await writeFile(rootKeyFile, nns.rootKey);
    const network = { NNS_URL: nns.url, NNS_ROOT_KEY_FILE: rootKeyFile };
    return startCoordinator(readConfig(Config, { ...environment, ...network }));
  },
  operators: { acme: 1, bits: 1, coop: 1, doom: 1 },
});
let round: string;

/** Commits, waits for the close, and shows the result, as a builder does. */
async function commit(builder: HandBuilder) {
  const sealed = builder.seal(await builder.invitation(round));
  await builder.commit(sealed.commit);
  await builder.receipt(sealed.commit);
  return sealed;
}

/** Logs an operator's record as the coordinator does. */
async function logKeyRecord(): Promise<void> {
  const golden = join(
    import.meta.dirname,
    '../../../libs/attestation/golden/key-enrolment.dsse.json',
  );
  const envelope = parseEnvelope(await readFile(golden, 'utf8'));
  const { said } = readKeyEvent(openKeyRecord(envelope, 0).statement);
  const publicKey = fromBase64(said.operator.publicKey);
  const entry = logEntry({
    ...{ paeSha256: commitmentOf(envelope), signature: signatureOf(envelope), publicKey },
  });
  const label = { kind: 'key', round: null, builder: said.builder } as const;
  const named = { envelopeSha256: envelopeDigest(envelope), body: canonicalJson(envelope) };
  await quorum().dataSource.transaction(async (manager) => {
    await lockLog(manager);
    await appendToLog(manager, [{ ...label, ...named, entry }], new Date());
  });
}

const check = async () =>
  quorum().dataSource.transaction('REPEATABLE READ', async (manager) => {
    const { publicKey } = quorum().signer;
    const origin = 'log.example/spec';
    const verifier = ed25519Verifier(origin, publicKey);
    return checkDatabase(manager, { origin, verifier, publicKey });
  });

/** What somebody does who has the database's own keys. Gives what undoes it. */
async function meddle(table: string, where: string, set: string): Promise<() => Promise<void>> {
  const run = async (text: string): Promise<void> => {
    await quorum().dataSource.transaction(async (manager) => {
      await manager.query(`SET LOCAL session_replication_role = 'replica'`);
      await manager.query(text);
    });
  };
  await run(`CREATE TABLE "kept" AS SELECT * FROM "${table}"`);
  await run(
    set === ''
      ? `DELETE FROM "${table}" WHERE ${where}`
      : `UPDATE "${table}" SET ${set} WHERE ${where}`,
  );
  return async () => {
    await run(`DELETE FROM "${table}"`);
    await run(`INSERT INTO "${table}" SELECT * FROM "kept"`);
    await run(`DROP TABLE "kept"`);
  };
}

beforeAll(async () => {
  const { api, builders, dataSource } = quorum();
  const [acme, bits, coop, doom] = builders;
  const ids = builders.slice(0, 3).map(({ id }) => id);
  round = await api.open({ commit: '0a'.repeat(20), builders: ids });
  const first = await commit(acme!);
  const second = await commit(bits!);
  await api.post(`/v1/rounds/${round}/amend`, { builders: [doom!.id] });
  await api.close(round);
  await commit(coop!);
  for (const [builder, { result }] of [
    [acme!, first],
    [bits!, second],
  ] as const) {
    await builder.close(round);
    await builder.reveal(result);
    await builder.receipt(result);
  }
  await api.reportIn('final', round);
  const { verdict } = await acme!.verdict(round);
  const statement = parseStatement(unverifiedPayload(verdict));
  await acme!.answer(round, signStatement(statement, acme!.signer));
  const refusal: VerdictRefusal = {
    ...{ round, builder: bits!.id, verdictSha256: sha256(unverifiedPayload(verdict)) },
    ...{ reason: 'recomputed-otherwise', message: 'the log gives another one' },
  };
  await bits!.answer(round, signStatement(verdictRefusalStatement(refusal), bits!.signer));
  await eventually(
    'both answers',
    async () => {
      const kinds = (await api.logged(round)).map(({ kind }) => kind);
      return kinds.includes('countersignature') && kinds.includes('refusal');
    },
    (isThere) => isThere,
  );
  await logKeyRecord();
  const release = { commit: '0b'.repeat(20), sha256: 'ab'.repeat(32) };
  const urls = [`https://download.example/ic/${release.commit}/guest-os/update-img.tar.zst`];
  const elected = nns.propose({ kind: 'elect-guestos', ...release, urls });
  await api.open({ proposal: String(elected), blind: false });

  const [checkpoint] = await dataSource.manager.find(CheckpointEntity, {
    order: { size: 'DESC' },
    take: 1,
  });
  const witness = makeSigner(77);
  const note = checkpoint!.note;
  await keepCosignature(dataSource.manager, {
    size: checkpoint!.size,
    witness: Buffer.from(witness.publicKey).toString('hex'),
    line: cosign(note.slice(0, note.lastIndexOf('\n\n') + 1), {
      ...{ name: 'witness.example', publicKey: witness.publicKey, timeS: 1_763_000_000 },
      sign: (message) => witness.sign(message),
    }),
  });
  const body = '{"signatures":[{"keyid":"aa","sig":"bb"}],"signed":{"_type":"link"}}';
  await dataSource.manager.insert(LinkEntity, { round, builder: acme!.id, body });
  // One that runs would take what is meddled with for true: a deadline that has passed ends its round.
  await quorum().stopAll();
});

test('what a coordinator wrote is what its log says, all of it', async () => {
  expect(await check()).toMatchObject({ finding: null, rounds: 2, cosignatures: 1, links: 1 });
});

describe('the first thing wrong is named', () => {
  const acme = makeSigner(1).id;
  test.each<[string, string, string, string, string, RegExp]>([
    ['a phase', 'round', `"phase" = 'final'`, `"phase" = 'open'`, 'projection', /"phase".*final/],
    [
      'a threshold',
      'round',
      `"phase" = 'final'`,
      `"open" = jsonb_set("open", '{threshold}', '"9"')`,
      'projection',
      /"open"/,
    ],
    ['a roster', 'round', `"phase" = 'final'`, `"roster" = NULL`, 'projection', /"roster"/],
    ['a deadline', 'round', `"phase" = 'open'`, `"due_at" = now()`, 'projection', /"dueAt"/],
    ['a round that is gone', 'round', `"phase" = 'open'`, '', 'projection', /the log has it/],
    [
      'a round that nobody opened',
      'round',
      `"phase" = 'open'`,
      `"id" = 'ff'`,
      'projection',
      /the log has it/,
    ],
    [
      'a commitment',
      'round_builder',
      `"builder" = '${acme}' AND "is_counted"`,
      `"commitment" = 'aa'`,
      'projection',
      /"commitment"/,
    ],
    [
      'a vote taken away',
      'round_builder',
      `"builder" = '${acme}'`,
      `"is_counted" = false`,
      'projection',
      /"isCounted"/,
    ],
    [
      'a late commit made timely',
      'round_builder',
      `"is_late"`,
      `"is_late" = false`,
      'projection',
      /"isLate"/,
    ],
    [
      'a seat that is gone',
      'round_builder',
      `"builder" = '${acme}'`,
      '',
      'projection',
      /has no row/,
    ],
    [
      'another operator',
      'round_builder',
      `"builder" = '${acme}'`,
      `"operator" = 'bits'`,
      'projection',
      /"operator"/,
    ],
    [
      'a verdict in lists',
      'round_summary',
      `"verdict_index" > 0`,
      `"outcome" = 'not-reproduced'`,
      'projection',
      /round_summary/,
    ],
    [
      'a cluster that lists tell of, and that is none',
      'artifact_cluster',
      `"position" = 0`,
      '',
      'projection',
      /artifact_cluster/,
    ],
    [
      'how a builder stood',
      'round_standing',
      `"builder" = '${acme}'`,
      `"standing" = 'disagreed'`,
      'projection',
      /round_standing/,
    ],
    ['a payload', 'proposal', 'true', `"payload" = "payload" || '\\x00'`, 'proposal', /payload/],
    ['a certificate', 'proposal', 'true', `"evidence" = '{}'`, 'proposal', /certificate/],
    ['a proposal that is gone', 'proposal', 'true', '', 'proposal', /not stored/],
    [
      'a proposal of another function',
      'proposal',
      'true',
      `"nns_function" = 40`,
      'proposal',
      /"nns_function" is 40/,
    ],
    [
      'a kind',
      'log_entry',
      `"kind" = 'verdict'`,
      `"kind" = 'refusal'`,
      'label',
      /"kind" is refusal/,
    ],
    [
      'a result hidden from its round',
      'log_entry',
      `"kind" = 'result' AND "builder" = '${acme}'`,
      `"round" = NULL`,
      'label',
      /neither a key record nor/,
    ],
    [
      'a result in another’s name',
      'log_entry',
      `"kind" = 'result' AND "builder" = '${acme}'`,
      `"builder" = 'bits'`,
      'label',
      /"builder" is bits/,
    ],
    [
      'a refusal passed off as a countersignature',
      'log_entry',
      `"kind" = 'refusal'`,
      `"kind" = 'countersignature'`,
      'label',
      /"kind" is countersignature/,
    ],
    [
      'a countersignature in another’s name',
      'log_entry',
      `"kind" = 'countersignature'`,
      `"builder" = '${makeSigner(2).id}'`,
      'label',
      /"builder"/,
    ],
    [
      'a key record in another’s name',
      'log_entry',
      `"kind" = 'key'`,
      `"builder" = '${makeSigner(2).id}'`,
      'label',
      /"builder"/,
    ],
    [
      'a close hidden by another round',
      'log_entry',
      `"kind" = 'round-close'`,
      `"round" = (SELECT "id" FROM "round" WHERE "phase" = 'open')`,
      'round',
      /cannot/,
    ],
    [
      'a witness’s line',
      'log_cosignature',
      'true',
      `"line" = replace("line", 'witness.example', 'witness.exemple')`,
      'cosignature',
      /./,
    ],
    [
      'a line beside no checkpoint',
      'log_cosignature',
      'true',
      `"size" = 999`,
      'cosignature',
      /no checkpoint/,
    ],
    ['a link that is none', 'link', 'true', `"body" = '{}'`, 'link', /no in-toto link/],
    ['a link spelt otherwise', 'link', 'true', `"body" = "body" || ' '`, 'link', /canonical/],
    ['a link of nobody', 'link', 'true', `"builder" = 'nobody'`, 'link', /no result/],
  ])('%s', async (_, table, where, set, code, detail) => {
    const undo = await meddle(table, where, set);
    const { finding } = await check();
    await undo();
    expect(finding).toMatchObject({ code, detail: expect.stringMatching(detail) as string });
    expect((await check()).finding).toBeNull();
  });

  test('rows of a round that the log does not know', async () => {
    const { dataSource } = quorum();
    await dataSource.query(
      `INSERT INTO "round_builder" ("round", "builder", "operator") VALUES ('ee', 'x', 'acme')`,
    );
    expect((await check()).finding).toMatchObject({ code: 'projection', where: 'round ee' });
    await dataSource.query(`DELETE FROM "round_builder" WHERE "round" = 'ee'`);
  });
});
