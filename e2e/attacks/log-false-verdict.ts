import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource, type EntityManager } from 'typeorm';
import {
  commitmentOf,
  envelopeDigest,
  RoundOpen,
  signatureOf,
  signerFromPem,
  signStatement,
  verdictStatement,
  type Envelope,
  type Signer,
} from '#libs/attestation';
import { SUBJECTS, subjectFor, VERSION, type VerdictLogged } from '#libs/contracts';
import { canonicalJson, sha256 } from '#libs/encoding';
import {
  appendToLog,
  databaseOptions,
  LogEntryEntity,
  lockLog,
  OutgoingEntity,
  RoundEntity,
} from '#libs/persistence';
import { logEntry, parseVkey } from '#libs/tlog';
import type { Stack } from '../stack/stack.js';

/**
 * Does what a coordinator could do that lies: with its own key and its own log, in place of the
 * verdict that follows from what was revealed, it signs that nothing came out, and tells all builders.
 */
export async function logFalseVerdict(stack: Stack, round: string): Promise<void> {
  const pem = await readFile(join(stack.dir, 'coordinator-key.pem'), 'utf8');
  const dataSource = new DataSource(databaseOptions(stack.databaseUrl));
  await dataSource.initialize();
  try {
    await dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const now = new Date();
      const envelope = await falseVerdict(manager, stack, round, signerFromPem(pem), now);
      await tellBuilders(manager, stack, { round, verdict: envelope }, now);
    });
  } finally {
    await dataSource.destroy();
  }
}

async function falseVerdict(
  manager: EntityManager,
  stack: Stack,
  round: string,
  signer: Signer,
  now: Date,
): Promise<Envelope> {
  const row = await manager.findOneByOrFail(RoundEntity, { id: round });
  const { release } = RoundOpen.parse(row.open);
  const entries = await manager.find(LogEntryEntity, { where: { round }, order: { index: 'ASC' } });
  const statement = verdictStatement({
    coordinatorKeyId: signer.keyId,
    version: VERSION,
    decidedAt: now.toISOString(),
    round,
    releaseName: row.release,
    policySha256: round,
    isPassed: false,
    needed: 3,
    eligible: 5,
    subject: [{ name: release.name, digest: release.source.digest }],
    inputs: entries
      .filter(({ kind }) => kind === 'commit' || kind === 'result')
      .map(({ index, envelopeSha256 }) => ({
        uri: `log:${parseVkey(stack.vkey).name}#${index}`,
        digest: { sha256: envelopeSha256 },
      })),
    artifacts: release.artifacts.map(({ name, elected, expected }) => ({
      ...{ name, elected, expected, verdict: 'insufficient', needed: 3, flags: [], clusters: [] },
      ...{
        failed: [],
        missing: [],
        unrevealed: [],
        late: [],
        selfContradicting: [],
        impliedBy: [],
      },
    })),
  });
  const envelope = signStatement(statement, signer);
  const entry = logEntry({
    paeSha256: commitmentOf(envelope),
    signature: signatureOf(envelope),
    publicKey: signer.publicKey,
  });
  const label = { kind: 'verdict', round, builder: null } as const;
  const spelt = { envelopeSha256: envelopeDigest(envelope), body: canonicalJson(envelope) };
  const [verdictIndex] = await appendToLog(manager, [{ ...label, ...spelt, entry }], now);
  await manager.update(
    RoundEntity,
    { id: round },
    { phase: 'final', decidedAt: now, verdictIndex: verdictIndex!, dueAt: null },
  );
  return envelope;
}

async function tellBuilders(
  manager: EntityManager,
  stack: Stack,
  message: VerdictLogged,
  now: Date,
): Promise<void> {
  const body = JSON.stringify(message);
  const rows = stack.builders.map(({ id }) => {
    const subject = subjectFor(SUBJECTS.verdictLogged, id);
    const rowId = sha256(`${subject}\n${body}`);
    const to = { id: rowId, subjects: subject };
    return { ...to, body, round: message.round, createdAt: now, sentAt: null };
  });
  await manager.insert(OutgoingEntity, rows);
}
