import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSigner, type Signer } from '#libs/attestation';
import { PolicyFile } from '#libs/contracts';
import { parseBundle, readAuditor, verifyBundle } from '#libs/evidence';
import { checkDatabase, LogEntryEntity, migrate } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  connectDatabase,
  CoordinatorClient,
  createDatabase,
  useQuorum,
  type TestDatabase,
} from '#libs/testing';
import { ed25519Verifier, formatVkey, parseCheckpoint } from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { succeed, type SuccessionRequest } from './succeed.js';

const OLD = 'log.example/spec';
const NEW = 'log.example/spec/2';
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1 },
});

let note: string;
let signer: Signer;
let database: TestDatabase;
let source: DataSource;
beforeAll(async () => {
  const { api } = quorum();
  const round = await api.open({ commit: '0a'.repeat(20) });
  const [acme] = quorum().builders;
  const { commit } = acme!.seal(await acme!.invitation(round));
  await acme!.commit(commit);
  await acme!.receipt(commit);
  note = await (await api.get('/v1/log/checkpoint')).text();
  await quorum().stopAll();
  signer = createSigner(new Uint8Array(32).fill(77));
  database = await createDatabase();
  source = await connectDatabase(database.url);
  await migrate(source);
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const request = (over: Partial<SuccessionRequest> = {}): SuccessionRequest => ({
  ...{ origin: NEW, signer, note, vkey: formatVkey(OLD, quorum().signer.publicKey) },
  ...{ reason: 'the database and every copy were lost', now: new Date('2026-09-10T04:00:00Z') },
  ...over,
});
const refused = (code: string): unknown => expect.objectContaining({ code });

test('a log is followed by no log of its own name, and by no words that its key did not sign', async () => {
  const another = createSigner(new Uint8Array(32).fill(78));
  const cases: readonly (readonly [Partial<SuccessionRequest>, string])[] = [
    [{ origin: OLD }, 'MALFORMED_STATEMENT'],
    [{ reason: 'one\ntwo' }, 'MALFORMED_STATEMENT'],
    [{ vkey: formatVkey(OLD, another.publicKey) }, 'NO_KNOWN_SIGNATURE'],
    [{ vkey: 'no key' }, 'MALFORMED_KEY'],
    [{ note: note.replace(/\n\d+\n/, '\n999\n') }, 'BAD_SIGNATURE'],
    [{ note: 'no note' }, 'MALFORMED_NOTE'],
  ];
  for (const [over, code] of cases) {
    await expect(succeed(source, request(over))).rejects.toThrow(refused(code));
  }
  expect(await source.manager.count(LogEntryEntity)).toBe(0);
});

test('a log that holds anything follows nobody', async () => {
  const before = await quorum().contents();
  await expect(succeed(quorum().dataSource, request())).rejects.toThrow(refused('LOG_NOT_EMPTY'));
  expect(await quorum().contents()).toEqual(before);
});

test('a new log begins by naming the old one, and every bundle of it says so', async () => {
  const begun = await succeed(source, request());
  const { size } = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
  expect([begun.isNew, begun.ended.size]).toEqual([true, size]);
  const again = await succeed(source, request({ now: new Date('2026-09-11T04:00:00Z') }));
  expect(again).toEqual({ ...begun, isNew: false });
  await expect(succeed(source, request({ reason: 'another' }))).rejects.toThrow(
    refused('LOG_NOT_EMPTY'),
  );

  const keyFile = join(quorum().directory, 'new-key.pem');
  await writeFile(keyFile, pemTextOf(77), { mode: 0o600 });
  const environment = { DATABASE_URL: database.url, LOG_ORIGIN: NEW, SIGNING_KEY_FILE: keyFile };
  const api = new CoordinatorClient((await quorum().start(environment)).url);
  const round = await api.open({ commit: '0b'.repeat(20) });
  const { builders } = quorum();
  const sealed = await Promise.all(
    builders.map(async (builder) => ({
      builder,
      ...builder.seal(await builder.invitation(round)),
    })),
  );
  for (const { builder, commit } of sealed) await builder.commit(commit);
  for (const { builder, result } of sealed) {
    await builder.close(round);
    await builder.reveal(result);
  }
  await api.reportIn('final', round);

  const text = await (await api.get(`/v1/rounds/${round}/bundle`)).text();
  const policy = PolicyFile.parse({
    log: [formatVkey(NEW, signer.publicKey)],
    threshold: '2',
    operators: builders.map(({ operator, id }) => ({ operator, builders: [id] })),
  });
  const verifyCertificate = () => Promise.reject(new Error('there is no certificate'));
  const audit = await verifyBundle(text, readAuditor(policy), {
    at: new Date(),
    verifyCertificate,
  });
  expect(audit.outcome).toBe('satisfied');
  expect(audit.findings).toMatchObject([{ code: 'predecessor', index: 0 }]);
  expect(audit.findings[0]?.message).toContain(`${OLD}, which ended at size ${size} with root`);
  const [first] = parseBundle(text).lines.filter((line) => line.type === 'envelope');
  expect(first).toMatchObject({ kind: 'log-succession', index: 0 });

  const verifier = ed25519Verifier(NEW, signer.publicKey);
  const checked = await source.transaction('REPEATABLE READ', (manager) =>
    checkDatabase(manager, { origin: NEW, verifier, publicKey: signer.publicKey }),
  );
  expect(checked.finding).toBeNull();
});

/** PKCS #8 of a seed that is one byte, repeated. */
function pemTextOf(seed: number): string {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  const body = Buffer.concat([head, Buffer.alloc(32, seed)]).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
}
