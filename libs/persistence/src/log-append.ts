import type { EntityManager } from 'typeorm';
import { appendLeaves, hashLeaf } from '#libs/tlog';
import { EnvelopeEntity } from './entities/envelope.entity.js';
import { LogEntryEntity, type LogEntryKind } from './entities/log-entry.entity.js';
import { LogNodeEntity } from './entities/log-node.entity.js';
import { lastCheckpoint, readGrownTree } from './signed-tree.js';

const LOG_LOCK = 7_207_002;

/** An envelope on its way into the log. */
export interface NewEntry {
  readonly envelopeSha256: string;
  /** Canonical JSON of the envelope. */
  readonly body: string;
  /** The leaf's bytes. */
  readonly entry: Uint8Array;
  readonly kind: LogEntryKind;
  /** Null for what is about no round: the life of a key. */
  readonly round: string | null;
  readonly builder: string | null;
}

/**
 * Takes the lock under which the log is sequenced, until the transaction ends. Everything that
 * decides by the log's state has to be read after it: any number of coordinators may run.
 */
export async function lockLog(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [LOG_LOCK]);
}

/** Gives the number of leaves that this transaction sees. */
export async function logSize(manager: EntityManager): Promise<number> {
  const [last] = await manager.find(LogEntryEntity, {
    select: { index: true },
    order: { index: 'DESC' },
    take: 1,
  });
  return last === undefined ? 0 : last.index + 1;
}

/**
 * Appends envelopes, with leaves and tree nodes, in the caller's transaction; returns their indices.
 * The caller MUST hold {@link lockLog}. Nothing is announced here: a crash before the commit leaves
 * no trace, a crash after it leaves entries that the next checkpoint covers.
 *
 * @throws PersistenceError LOG_CORRUPT when a node of the tree is missing, or the tree is not one that
 * grew from what was signed last
 */
export async function appendToLog(
  manager: EntityManager,
  entries: readonly NewEntry[],
  receivedAt: Date,
): Promise<readonly number[]> {
  const size = await logSize(manager);
  const frontier = await readGrownTree(manager, size, await lastCheckpoint(manager));
  const leafHashes = entries.map(({ entry }) => hashLeaf(entry));
  const { nodes } = appendLeaves(frontier, leafHashes);
  await manager.insert(
    EnvelopeEntity,
    entries.map(({ envelopeSha256, body }) => ({ sha256: envelopeSha256, body, receivedAt })),
  );
  await manager.insert(
    LogEntryEntity,
    entries.map(({ envelopeSha256, entry, kind, round, builder }, at) => ({
      index: size + at,
      entry: Buffer.from(entry),
      leafHash: Buffer.from(leafHashes[at] ?? []),
      envelopeSha256,
      kind,
      round,
      builder,
    })),
  );
  await manager.insert(
    LogNodeEntity,
    nodes.map(({ level, index, hash }) => ({
      level,
      index: Number(index),
      hash: Buffer.from(hash),
    })),
  );
  return entries.map((_, at) => size + at);
}
