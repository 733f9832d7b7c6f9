import type { EntityManager } from 'typeorm';
import { envelopeDigest, parseEnvelope } from '#libs/attestation';
import { openCheckpoint, openNote, rootOfFrontier, TlogError, type NoteVerifier } from '#libs/tlog';
import { CheckpointEntity } from '../entities/checkpoint.entity.js';
import { PersistenceError, type PersistenceErrorCode } from '../error.js';
import { appendToLog, lockLog, logSize, type NewEntry } from '../log-append.js';
import { labelOf } from '../projection/label.js';
import { readLogged } from '../projection/logged-statement.js';
import { rebuildRound, RosterBook } from '../projection/rebuild-round.js';
import type { RoundProjection } from '../projection/project-round.js';
import { lastCheckpoint, readGrownTree } from '../signed-tree.js';
import { checkLog } from '../fsck/check-log.js';
import type { LogCheck } from '../fsck/log-finding.js';
import { checkCopy, checkSourceLeaf } from './check-copy.js';
import { readLeaves, type LogSource, type SourceLeaf } from './log-source.js';

const BATCH = 500;

/** The log that is to be refilled, known by its key. */
export interface RefillRequest {
  readonly origin: string;
  /** 32 raw bytes: of the log, and of the coordinator's own words. */
  readonly publicKey: Uint8Array;
  readonly verifier: NoteVerifier;
  readonly onProgress?: (leaves: number) => void;
}

/** Leaves that a database lacks. Nothing of them is believed before they are in the tree. */
export interface MissingLeaves {
  /** Such as a folder or a URL, for messages. */
  readonly name: string;
  /** Signed note of the tree that has to be reached. */
  readonly note: string;
  /** Gives the leaves from `from` to `size`, in their order. */
  readonly leaves: (from: number, size: number) => AsyncIterable<SourceLeaf>;
}

/** What was brought back. */
export interface Refill {
  /** Leaves that the database had. */
  readonly from: number;
  /** Leaves that it has now. */
  readonly size: number;
  /** Every round of which something was brought back, as it is now. */
  readonly rounds: readonly RoundProjection[];
}

/**
 * Brings a log that is behind what it signed up to a copy of it: appends the leaves and envelopes that
 * are missing, in the order of their indices, and makes the rows of their rounds anew. Both are
 * verified whole before, as fsck does it, and the caller's transaction may be committed only when this
 * returns: then the tree of the database has the root that the log's key signed.
 *
 * A copy that is no longer than the database changes nothing.
 *
 * @throws PersistenceError COPY_UNUSABLE where the copy is of another log, incomplete, altered, or does
 *   not grow from what the database holds; LOG_CORRUPT where the database is not sound itself
 */
export async function refillLog(
  manager: EntityManager,
  source: LogSource,
  request: RefillRequest,
): Promise<Refill> {
  const { origin, verifier } = request;
  await lockLog(manager);
  refuse('COPY_UNUSABLE', source.name, await checkCopy(source, { origin, verifier }));
  return refillLeaves(
    manager,
    {
      name: source.name,
      note: await source.checkpoint(),
      leaves: (from, size) => readLeaves(source, from, size),
    },
    request,
  );
}

/**
 * Brings a log that is behind what it signed up to a checkpoint, with leaves that may come from
 * anywhere: as {@link refillLog}, but for the check of a whole copy, which there need not be.
 *
 * @throws PersistenceError COPY_UNUSABLE, LOG_CORRUPT, as {@link refillLog}
 */
export async function refillLeaves(
  manager: EntityManager,
  missing: MissingLeaves,
  { origin, publicKey, verifier, onProgress }: RefillRequest,
): Promise<Refill> {
  await lockLog(manager);
  refuse('LOG_CORRUPT', 'the database', await checkLog(manager, { origin, verifier }));
  const { row, size } = readOwn(missing.note, origin, verifier);
  const last = await lastCheckpoint(manager);
  const from = await logSize(manager);
  if (from >= size) return { from, size: from, rounds: [] };

  const rosters = new RosterBook(manager, publicKey);
  const touched = new Set<string>();
  let batch: NewEntry[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    await appendToLog(manager, batch, new Date());
    batch = [];
  };
  for await (const leaf of missing.leaves(from, size)) {
    const entry = await verifiedEntry(missing, leaf, rosters);
    if (entry.round !== null) touched.add(entry.round);
    batch.push(entry);
    if (batch.length === BATCH) await flush();
    onProgress?.(leaf.index + 1);
  }
  await flush();
  await requireRoot(manager, row, last, missing);
  await manager.insert(CheckpointEntity, row);
  const rounds: RoundProjection[] = [];
  for (const round of touched) rounds.push(await rebuildRound(manager, round, publicKey));
  return { from, size, rounds };
}

/** Opens the copy's checkpoint. The row holds the log's own line alone: witnesses are asked anew. */
function readOwn(
  note: string,
  origin: string,
  verifier: NoteVerifier,
): { readonly row: CheckpointEntity; readonly size: number } {
  try {
    const { checkpoint } = openCheckpoint(note, [verifier], origin);
    const { text } = openNote(note, [verifier]);
    const lines = note.slice(text.length + 1).split(/(?<=\n)/);
    const own = lines.find((line) => isOwn(`${text}\n${line}`, verifier)) ?? '';
    const size = Number(checkpoint.size);
    return { size, row: { size, root: Buffer.from(checkpoint.root), note: `${text}\n${own}` } };
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    const message = `the copy's checkpoint is not one of this log and its key: ${cause.message}`;
    throw new PersistenceError('COPY_UNUSABLE', message, { cause });
  }
}

function isOwn(note: string, verifier: NoteVerifier): boolean {
  try {
    return openNote(note, [verifier]).verified.length === 1;
  } catch {
    return false;
  }
}

/** Neither of the two is believed: not where they overlap either. */
function refuse(code: PersistenceErrorCode, what: string, { finding }: LogCheck): void {
  if (finding === null) return;
  const { where, detail } = finding;
  throw new PersistenceError(code, `${what} is not sound: ${where}: ${finding.code}: ${detail}`);
}

async function verifiedEntry(
  { name }: MissingLeaves,
  leaf: SourceLeaf,
  rosters: RosterBook,
): Promise<NewEntry> {
  const finding = checkSourceLeaf(leaf);
  if (finding !== null || leaf.body === null) {
    const why = finding === null ? 'nothing' : `${finding.code}: ${finding.detail}`;
    const message = `${name} cannot be believed, leaf ${leaf.index}: ${why}`;
    throw new PersistenceError('COPY_UNUSABLE', message);
  }
  const { index, body } = leaf;
  const row = {
    entry: Buffer.from(leaf.entry),
    envelopeSha256: envelopeDigest(parseEnvelope(body)),
  };
  const logged = readLogged(index, row, body);
  const context = await rosters.learn(logged);
  return { ...labelOf(logged, context), ...row, body };
}

/** The one thing that decides: that what is stored now is what the log's key signed. */
async function requireRoot(
  manager: EntityManager,
  { size, root }: CheckpointEntity,
  last: CheckpointEntity | null,
  { name }: MissingLeaves,
): Promise<void> {
  if (
    rootOfFrontier(await readGrownTree(manager, size, last)).every((byte, at) => byte === root[at])
  ) {
    return;
  }
  throw new PersistenceError(
    'COPY_UNUSABLE',
    `the database with the leaves of ${name} has not the root that was signed for ${size} leaves: one of the two is of another history`,
  );
}
