import type { EntityManager } from 'typeorm';
import {
  buildConsistencyProof,
  consistencyNodes,
  frontierNodes,
  openCheckpoint,
  readFrontier,
  rootOfFrontier,
  TlogError,
  verifyConsistency,
  type Frontier,
  type NodeId,
  type NoteVerifier,
  type ReadNode,
} from '#libs/tlog';
import { CheckpointEntity } from './entities/checkpoint.entity.js';
import { PersistenceError } from './error.js';
import { readNodes } from './log-nodes.js';
import { runPrepared, type Prepared } from './prepared.js';

const STATE: Prepared = {
  name: 'log-state',
  text: `
    SELECT (SELECT "index" FROM "log_entry" ORDER BY "index" DESC LIMIT 1) AS "lastIndex",
      "size", "root", "note"
    FROM (VALUES (true)) AS "always" LEFT JOIN
      (SELECT * FROM "log_checkpoint" ORDER BY "size" DESC LIMIT 1) AS "newest" ON true`,
};

/** How far a log is, and how far it was signed. */
export interface LogState {
  /** Leaves that the transaction sees. */
  readonly size: number;
  /** The newest signed checkpoint; null before the first. */
  readonly last: CheckpointEntity | null;
}

/** Reads both in one go. */
export async function readLogState(manager: EntityManager): Promise<LogState> {
  const [row] = await runPrepared<{
    readonly lastIndex: string | null;
    readonly size: string | null;
    readonly root: Buffer | null;
    readonly note: string | null;
  }>(manager, STATE, []);
  const { lastIndex = null, size = null, root = null, note = null } = row ?? {};
  const isSigned = size !== null && root !== null && note !== null;
  return {
    size: lastIndex === null ? 0 : Number(lastIndex) + 1,
    last: isSigned ? manager.create(CheckpointEntity, { size: Number(size), root, note }) : null,
  };
}

/** Gives the newest signed checkpoint; null before the first. */
export async function lastCheckpoint(manager: EntityManager): Promise<CheckpointEntity | null> {
  return (await readLogState(manager)).last;
}

/**
 * Reads the right edge of the tree of `size` stored leaves, if that tree contains the one that was
 * signed last.
 *
 * Two checkpoints that contradict one another end a log for ever: whoever has both can show that it
 * lied. So the stored tree is not believed: nothing is signed over, or added to, a database that was
 * restored from an older copy or in which somebody changed nodes or the last root.
 *
 * @throws PersistenceError LOG_CORRUPT
 */
export async function readGrownTree(
  manager: EntityManager,
  size: number,
  last: CheckpointEntity | null,
): Promise<Frontier> {
  const state = { size, last };
  return grownTree(state, await readNodes(manager, grownTreeNodes(state)));
}

/**
 * Names the stored nodes that {@link grownTree} reads.
 *
 * @throws PersistenceError LOG_CORRUPT when fewer leaves are stored than were signed
 */
export function grownTreeNodes({ size, last }: LogState): readonly NodeId[] {
  const after = BigInt(size);
  if (last === null) return frontierNodes(after);
  if (size >= last.size) {
    return [...frontierNodes(after), ...consistencyNodes(BigInt(last.size), after)];
  }
  throw corrupt(`the log has ${size} leaves, but ${last.size} were signed: bring them back`);
}

/**
 * Gives what {@link readGrownTree} gives, from nodes that were read already.
 *
 * @throws PersistenceError LOG_CORRUPT
 */
export function grownTree({ size, last }: LogState, read: ReadNode): Frontier {
  const after = BigInt(size);
  const frontier = readFrontier(after, read);
  if (last === null) return frontier;
  const [size1, root1] = [BigInt(last.size), new Uint8Array(last.root)];
  const proof = buildConsistencyProof(size1, after, read);
  soundly('the stored tree is not the one that was signed', () => {
    verifyConsistency({ size1, root1, size2: after, root2: rootOfFrontier(frontier), proof });
  });
  return frontier;
}

/**
 * Makes sure that the last checkpoint is one that this log's key signed.
 *
 * @throws PersistenceError LOG_CORRUPT
 */
export function requireOwnNote(
  { note, size, root }: CheckpointEntity,
  origin: string,
  verifier: NoteVerifier,
): void {
  const { checkpoint } = soundly('the last checkpoint is not one of this log and its key', () =>
    openCheckpoint(note, [verifier], origin),
  );
  if (checkpoint.size === BigInt(size) && root.equals(checkpoint.root)) return;
  throw corrupt(`the note of size ${size} says another size or root than its row`);
}

/**
 * Makes sure that a database holds the log that somebody means, if it holds one that was signed.
 *
 * @throws PersistenceError LOG_CORRUPT
 */
export async function requireOwnLog(
  manager: EntityManager,
  { origin, verifier }: { readonly origin: string; readonly verifier: NoteVerifier },
): Promise<void> {
  const last = await lastCheckpoint(manager);
  if (last !== null) requireOwnNote(last, origin, verifier);
}

/**
 * Does what fails only where what is stored is not sound.
 *
 * @throws PersistenceError LOG_CORRUPT
 */
export function soundly<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw corrupt(`${what} (${cause.message}): keep this database as evidence`, cause);
  }
}

function corrupt(message: string, cause?: unknown): PersistenceError {
  return new PersistenceError('LOG_CORRUPT', `${message}, or restore the database`, { cause });
}
