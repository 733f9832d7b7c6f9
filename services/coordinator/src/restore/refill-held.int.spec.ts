import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  commitmentOf,
  envelopeDigest,
  parseStatement,
  revealStatement,
  signStatement,
  unverifiedPayload,
  type Envelope,
} from '#libs/attestation';
import { RECEIPTS_TYPE } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { checkDatabase, LogEntryEntity } from '#libs/persistence';
import {
  CoordinatorClient,
  eventually,
  makeSigner,
  signEnrolment,
  useQuorum,
  type HandBuilder,
  type SealedResult,
} from '#libs/testing';
import { ed25519Verifier, parseCheckpoint } from '#libs/tlog';
import { PlayedWitness } from '../witness/played-witness.fixture.js';
import { WitnessedCoordinator } from '../witness/witnessed-coordinator.fixture.js';
import type { HeldFile } from './held-files.js';
import { restore, type RestoreRequest } from './restore.js';

const ORIGIN = 'log.example/spec';
const TABLES = [
  ...['log_entry', 'log_node', 'log_checkpoint', 'log_cosignature', 'envelope', 'round'],
  ...['round_builder', 'outgoing'],
];
const witness = new PlayedWitness('outside', 101, 'witness.example/outside');
const witnessed = new WitnessedCoordinator(ORIGIN, [witness], [witness], 1);
const quorum = useQuorum({
  start: witnessed.start,
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});
afterAll(() => witness.stop());

/** What somebody does who restores a database: triggers do not hold them up. */
async function asOwner(...statements: readonly string[]): Promise<void> {
  await quorum().dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL session_replication_role = 'replica'`);
    for (const statement of statements) await manager.query(statement);
  });
}
const backUp = (name: string): Promise<void> =>
  asOwner(...TABLES.map((table) => `CREATE TABLE "${name}_${table}" AS SELECT * FROM "${table}"`));
const bringBack = (name: string): Promise<void> =>
  asOwner(
    ...TABLES.map((table) => `DELETE FROM "${table}"`),
    ...TABLES.map((table) => `INSERT INTO "${table}" SELECT * FROM "${name}_${table}"`),
  );

/** What an agent keeps: what it was sent, and what it sent with its receipts. */
class Keeper {
  readonly sealed = new Map<string, SealedResult>();
  answered: Envelope | null = null;
  private readonly lines: string[] = [];

  constructor(readonly builder: HandBuilder) {}

  async commit(round: string): Promise<void> {
    const invitation = await this.builder.invitation(round);
    const sealed = this.builder.seal(invitation);
    this.sealed.set(round, sealed);
    this.keep(invitation.envelope, quorum().signer.publicKey);
    for (const amend of invitation.amends) this.keep(amend, quorum().signer.publicKey);
    await this.builder.commit(sealed.commit);
    await this.receipted(sealed.commit);
  }

  async reveal(round: string): Promise<void> {
    const { roundClose } = await this.builder.close(round);
    this.keep(roundClose, quorum().signer.publicKey);
    const { result } = this.sealed.get(round)!;
    const reveal = await this.look(round, result);
    await this.builder.reveal(result, { reveal });
    await this.receipted(result);
    this.keep(reveal, this.builder.signer.publicKey);
  }

  async answer(round: string): Promise<void> {
    const { verdict } = await this.builder.verdict(round);
    this.keep(verdict, quorum().signer.publicKey);
    const answer = signStatement(parseStatement(unverifiedPayload(verdict)), this.builder.signer);
    await this.builder.answer(round, answer);
    this.answered = answer;
    await this.receipted(answer);
  }

  file(): HeldFile {
    const header = JSON.stringify({ receipts: RECEIPTS_TYPE, origin: ORIGIN });
    return { name: this.builder.operator, text: `${[header, ...this.lines].join('\n')}\n` };
  }

  /** Says on which checkpoint this builder saw its commit and the close. */
  private async look(round: string, result: Envelope): Promise<Envelope> {
    const { api } = quorum();
    const logged = await api.logged(round);
    const commitIndex = logged.find(
      ({ kind, builder }) => kind === 'commit' && builder === this.builder.id,
    )!.index;
    const closeIndex = logged.find(({ kind }) => kind === 'round-close')!.index;
    const checkpoint = await eventually(
      'a checkpoint that covers the close',
      async () => (await api.get('/v1/log/checkpoint')).text(),
      (note) => sizeOf(note) > closeIndex,
    );
    const said = { round, builder: this.builder.id, commitment: commitmentOf(result) };
    const statement = revealStatement({ ...said, commitIndex, closeIndex, checkpoint });
    return signStatement(statement, this.builder.signer);
  }

  private async receipted(envelope: Envelope): Promise<void> {
    const { proof } = await this.builder.receipt(envelope);
    this.keep(envelope, this.builder.signer.publicKey, proof);
  }

  private keep(envelope: Envelope, key: Uint8Array, proof: string | null = null): void {
    const line = { type: 'envelope', publicKey: toBase64(key), envelope, proof };
    this.lines.push(JSON.stringify(line));
  }
}

const sizeOf = (note: string): number =>
  Number(parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)).size);
/** When an entry came into this very database is no evidence. */
const withoutTime = (key: string, value: unknown): unknown => (key === 'loggedAt' ? null : value);
const leaves = async (): Promise<readonly string[]> => {
  const rows = await quorum().dataSource.manager.find(LogEntryEntity, { order: { index: 'ASC' } });
  return rows.map((row) => JSON.stringify(row, withoutTime));
};
const request = (...held: readonly HeldFile[]): RestoreRequest => {
  const { publicKey } = quorum().signer;
  const verifier = ed25519Verifier(ORIGIN, publicKey);
  return { origin: ORIGIN, publicKey, verifier, source: null, held, rootKey: undefined };
};
const bringUp = (...held: readonly HeldFile[]) => restore(quorum().dataSource, request(...held));

let acme: Keeper;
let bits: Keeper;
let whole: readonly string[];
let stored: number;
let second: string;
let bundle: HeldFile;
let record: HeldFile;
const operator = makeSigner(200);
const rosterLine = (name: string, publicKey?: string) => ({
  ...{ operator: name, publicKey },
  builders: [{ publicKey: toBase64(quorum().builder(name).signer.publicKey) }],
});
beforeAll(async () => {
  const { api } = quorum();
  [acme, bits] = [new Keeper(quorum().builder('acme')), new Keeper(quorum().builder('bits'))];
  const first = await api.open({ commit: '0a'.repeat(20) });
  await acme.commit(first);
  await backUp('backup');
  stored = (await leaves()).length;

  await bits.commit(first);
  await acme.reveal(first);
  await bits.reveal(first);
  await api.reportIn('final', first);
  await bits.answer(first);
  await acme.answer(first);
  const key = toBase64(operator.publicKey);
  await quorum().writeRoster(
    JSON.stringify({ operators: [rosterLine('acme', key), rosterLine('bits')] }),
  );
  const keys = { attestation: acme.builder.signer, witness: makeSigner(60), nats: makeSigner(61) };
  const enrolment = signEnrolment(operator, keys);
  expect((await api.post('/v1/keys', enrolment)).ok).toBe(true);
  record = { name: 'record', text: JSON.stringify(enrolment, null, 2) };
  second = await api.open({ commit: '0b'.repeat(20) });
  await acme.commit(second);
  const text = await (await api.get(`/v1/rounds/${first}/bundle`)).text();
  bundle = { name: 'bundle', text };
  whole = await leaves();
  await eventually(
    'a witness that has seen it all',
    () => witness.stored,
    (seen) => seen.size === BigInt(whole.length),
  );
  await quorum().stopAll();
  await bringBack('backup');
});

/** Cuts the line of one envelope. */
function withoutSignature({ name, text }: HeldFile, { signatures }: Envelope): HeldFile {
  const lines = text.split('\n').filter((line) => !line.includes(signatures[0]!.sig));
  return { name, text: lines.join('\n') };
}

describe('a database that was restored from a backup, and of which there is no copy', () => {
  test('stands still', async () => {
    expect(stored).toBeLessThan(whole.length);
    const started = await quorum().start();
    const api = new CoordinatorClient(started.url);
    expect(await api.refused('GET', '/readyz')).toMatchObject({ status: 503, code: 'log-behind' });
    await quorum().stop(started);
  });

  test('is not filled by one builder alone, who is told what is missing', async () => {
    const before = await quorum().contents();
    await expect(bringUp(acme.file())).rejects.toMatchObject({
      code: 'COPY_UNUSABLE',
      message: expect.stringContaining(`nobody holds leaves ${stored}`) as unknown,
    });
    expect(await quorum().contents()).toEqual(before);
  });

  test('stays as it is where one envelope is missing, which is named by its index', async () => {
    const answer = bits.answered!;
    const index = whole.findIndex((row) => row.includes(envelopeDigest(answer)));
    const cut = withoutSignature(bits.file(), answer);
    await expect(bringUp(acme.file(), cut, record)).rejects.toThrow(
      `nobody holds leaves ${index} of the ${whole.length} that were signed`,
    );
    expect(await leaves()).toHaveLength(stored);
  });

  test.each<[string, () => HeldFile]>([
    ['of another log', () => ({ ...acme.file(), text: acme.file().text.replace(ORIGIN, 'a/b') })],
    ['with a proof that was altered', () => ({ ...acme.file(), text: respelt(acme.file().text) })],
    ['that is none', () => ({ name: 'none', text: '{"hello":"world"}\n' })],
    ['that is cut', () => ({ name: 'cut', text: acme.file().text.slice(0, -200) })],
    ['of a bundle that lacks a line', () => ({ ...bundle, text: cutLine(bundle.text) })],
  ])('is not filled from a file %s', async (_what, spoilt) => {
    await expect(bringUp(spoilt(), bits.file(), record)).rejects.toMatchObject({
      code: 'COPY_UNUSABLE',
    });
    expect(await leaves()).toHaveLength(stored);
  });

  test('is filled from a bundle beside the receipts of those that came later', async () => {
    await bringUp(bundle, acme.file());
    expect(await leaves()).toEqual(whole);
    await bringBack('backup');
  });

  test('is filled from what its builders hold, leaf by leaf, and goes on', async () => {
    const { from, size, rounds } = await bringUp(acme.file(), bits.file(), record);
    expect([from, size, rounds.length]).toEqual([stored, whole.length, 2]);
    expect(await leaves()).toEqual(whole);
    const checked = await quorum().dataSource.transaction('REPEATABLE READ', (manager) =>
      checkDatabase(manager, request()),
    );
    expect(checked.finding).toBeNull();
    expect(await bringUp(acme.file(), bits.file(), record)).toMatchObject({
      from: size,
      size,
      rounds: [],
    });

    const started = await quorum().start();
    const api = new CoordinatorClient(started.url);
    expect((await api.get('/readyz')).status).toBe(200);
    quorum().api = api;
    await bits.commit(second);
    await acme.reveal(second);
    await bits.reveal(second);
    const report = await api.reportIn('final', second);
    expect(report.artifacts.map(({ verdict }) => verdict)).toContain('reproduced');
  });
});

function respelt(text: string): string {
  return text.replace(/index \d+\\n(....)/, (proof, head: string) =>
    proof.replace(head, head.startsWith('A') ? 'BBBB' : 'AAAA'),
  );
}

function cutLine(text: string): string {
  return text.split('\n').toSpliced(-3, 1).join('\n');
}
