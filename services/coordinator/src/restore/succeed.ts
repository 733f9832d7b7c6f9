import type { DataSource, EntityManager } from 'typeorm';
import {
  commitmentOf,
  envelopeDigest,
  logSuccessionStatement,
  parseEnvelope,
  parseStatement,
  readLogSuccession,
  signatureOf,
  signStatement,
  unverifiedPayload,
  type Envelope,
  type LogSuccession,
  type Signer,
} from '#libs/attestation';
import { canonicalJson, quote } from '#libs/encoding';
import { openPredecessor } from '#libs/evidence';
import {
  appendToLog,
  Checkpoints,
  EnvelopeEntity,
  lockLog,
  LogEntryEntity,
  logSize,
  PersistenceError,
} from '#libs/persistence';
import {
  ed25519Signer,
  ed25519Verifier,
  logEntry,
  parseVkey,
  type SignedCheckpoint,
} from '#libs/tlog';

/** Which log begins, and which one it follows. */
export interface SuccessionRequest {
  /** Of the log that begins: one that no log had before. */
  readonly origin: string;
  /** Signs the log that begins, and the statement. */
  readonly signer: Signer;
  /** Verifier key of the log that is over. */
  readonly vkey: string;
  /** The newest signed note that anybody has of it, with its cosignatures. */
  readonly note: string;
  readonly reason: string;
  readonly now: Date;
}

/** What the log begins with. */
export interface Succession {
  readonly said: LogSuccession;
  /** Where the older log ended, by its own signature. */
  readonly ended: SignedCheckpoint['checkpoint'];
  /** False where it was said before. */
  readonly isNew: boolean;
}

/**
 * Begins a log by its coordinator's signed word that another one is over, and signs the checkpoint of
 * this one entry. Only an empty log can begin: what was said before the statement would belong to
 * neither. Doing it again changes nothing.
 *
 * @throws TlogError where the older log's key did not sign the note, or is none
 * @throws AttestationError MALFORMED_STATEMENT for a log that would follow itself, or a reason that is
 *   no one line
 * @throws PersistenceError LOG_NOT_EMPTY where the log begins with anything else
 */
export async function succeed(
  dataSource: DataSource,
  request: SuccessionRequest,
): Promise<Succession> {
  const { origin, signer, vkey, note, reason, now } = request;
  const statement = logSuccessionStatement({
    ...{ origin, reason, succeededAt: now.toISOString() },
    predecessor: { origin: parseVkey(vkey).name, vkey, checkpoint: note },
  });
  const said = readLogSuccession(statement);
  const ended = openPredecessor(said).checkpoint;
  const first = await dataSource.transaction(async (manager) => {
    await lockLog(manager);
    if ((await logSize(manager)) > 0) return readFirst(manager);
    await append(manager, signStatement(statement, signer), signer, now);
    return null;
  });
  if (first !== null && !isSame(first, said)) {
    throw new PersistenceError(
      'LOG_NOT_EMPTY',
      `this log begins otherwise: expected an empty database for ${quote(origin)}`,
    );
  }
  const noteSigner = ed25519Signer(origin, signer.publicKey, (text) => signer.sign(text));
  const verifier = ed25519Verifier(origin, signer.publicKey);
  // Also where it was said before: a crash may have come between the entry and its checkpoint.
  await new Checkpoints(dataSource, origin, noteSigner, verifier).publish();
  return { said: first ?? said, ended, isNew: first === null };
}

async function append(
  manager: EntityManager,
  envelope: Envelope,
  { publicKey }: Signer,
  now: Date,
): Promise<void> {
  const entry = logEntry({
    ...{ paeSha256: commitmentOf(envelope), signature: signatureOf(envelope), publicKey },
  });
  const label = { kind: 'log-succession', round: null, builder: null } as const;
  const [envelopeSha256, body] = [envelopeDigest(envelope), canonicalJson(envelope)];
  await appendToLog(manager, [{ ...label, envelopeSha256, body, entry }], now);
}

/** What the log begins with; undefined where that is no succession. */
async function readFirst(manager: EntityManager): Promise<LogSuccession | undefined> {
  const entry = await manager.findOneBy(LogEntryEntity, { index: 0, kind: 'log-succession' });
  if (entry === null) return undefined;
  const { body } = await manager.findOneByOrFail(EnvelopeEntity, { sha256: entry.envelopeSha256 });
  return readLogSuccession(parseStatement(unverifiedPayload(parseEnvelope(body))));
}

function isSame(first: LogSuccession | undefined, said: LogSuccession): boolean {
  if (first === undefined) return false;
  const withoutTime = ({ origin, predecessor, reason }: LogSuccession): string =>
    canonicalJson({ origin, predecessor, reason });
  return withoutTime(first) === withoutTime(said);
}
