import { MoreThan, type EntityManager } from 'typeorm';
import {
  appendLeaves,
  EMPTY_FRONTIER,
  rootOfFrontier,
  type Frontier,
  type NoteVerifier,
  type TreeNode,
} from '#libs/tlog';
import { CheckpointEntity } from '../entities/checkpoint.entity.js';
import { LogEntryEntity } from '../entities/log-entry.entity.js';
import { LogNodeEntity } from '../entities/log-node.entity.js';
import { PersistenceError } from '../error.js';
import { readNodes } from '../log-nodes.js';
import { bodiesOf } from '../projection/logged-statement.js';
import { requireOwnNote } from '../signed-tree.js';
import { checkLeaf } from './check-leaf.js';
import type { LogCheck, LogFinding } from './log-finding.js';

const BATCH = 500;

/** Which log is looked at. */
export interface LogCheckRequest {
  readonly origin: string;
  /** Of the log's key, which whoever checks has from elsewhere. */
  readonly verifier: NoteVerifier;
  readonly onProgress?: (leaves: number) => void;
}

/**
 * Verifies a whole stored log anew, leaf by leaf: envelopes and their signatures, entries, hashes,
 * the tree's nodes, and each checkpoint ever signed. Stops at the first thing wrong. Believes
 * nothing but the key; has to run in a transaction that sees one state (REPEATABLE READ).
 *
 * Bounds: memory for 500 envelopes, whatever the size of the log.
 */
export async function checkLog(
  manager: EntityManager,
  { origin, verifier, onProgress }: LogCheckRequest,
): Promise<LogCheck> {
  const checkpoints = await manager.find(CheckpointEntity, { order: { size: 'ASC' } });
  const signed = new Map(checkpoints.map((checkpoint) => [checkpoint.size, checkpoint]));
  const isSound = (frontier: Frontier): LogFinding | null => {
    const checkpoint = signed.get(Number(frontier.size));
    return checkpoint === undefined
      ? null
      : checkCheckpoint(checkpoint, rootOfFrontier(frontier), origin, verifier);
  };
  let frontier = EMPTY_FRONTIER;
  let nodeCount = 0;
  const ended = (finding: LogFinding | null): LogCheck => ({
    leaves: Number(frontier.size),
    checkpoints: checkpoints.length,
    finding,
  });
  for (;;) {
    const rows = await manager.find(LogEntryEntity, {
      where: { index: MoreThan(Number(frontier.size) - 1) },
      order: { index: 'ASC' },
      take: BATCH,
    });
    if (rows.length === 0) break;
    const bodies = await bodiesOf(manager, rows);
    const nodes: TreeNode[] = [];
    for (const row of rows) {
      const next = Number(frontier.size);
      if (row.index !== next) return ended(missing(next, `the next one is ${row.index}`));
      const finding = checkLeaf(row, bodies.get(row.envelopeSha256) ?? null);
      if (finding !== null) return ended(finding);
      const growth = appendLeaves(frontier, [new Uint8Array(row.leafHash)]);
      frontier = growth.frontier;
      nodes.push(...growth.nodes);
      const fault = isSound(frontier);
      if (fault !== null) return ended(fault);
    }
    const fault = await checkNodes(manager, nodes);
    if (fault !== null) return ended(fault);
    nodeCount += nodes.length;
    onProgress?.(Number(frontier.size));
  }
  const last = checkpoints.at(-1);
  if (last !== undefined && last.size > Number(frontier.size)) {
    return ended(missing(Number(frontier.size), `a checkpoint of size ${last.size} was signed`));
  }
  const stored = await manager.count(LogNodeEntity);
  if (stored === nodeCount) return ended(null);
  const detail = `${stored} nodes are stored, expected ${nodeCount}`;
  return ended({ code: 'node', where: 'the tree', detail });
}

async function checkNodes(
  manager: EntityManager,
  nodes: readonly TreeNode[],
): Promise<LogFinding | null> {
  const wrong = (detail: string, where: string): LogFinding => ({ code: 'node', where, detail });
  try {
    const read = await readNodes(manager, nodes);
    for (const { level, index, hash } of nodes) {
      if (Buffer.from(hash).equals(read({ level, index }) ?? Buffer.alloc(0))) continue;
      return wrong('the stored hash is another one', `node ${String(index)} of level ${level}`);
    }
    return null;
  } catch (error) {
    if (!(error instanceof PersistenceError)) throw error;
    return wrong(error.message, 'the tree');
  }
}

function checkCheckpoint(
  checkpoint: CheckpointEntity,
  root: Uint8Array,
  origin: string,
  verifier: NoteVerifier,
): LogFinding | null {
  const where = `checkpoint of size ${checkpoint.size}`;
  if (!checkpoint.root.equals(root)) {
    return { code: 'checkpoint', where, detail: 'its root is not that of the leaves' };
  }
  try {
    requireOwnNote(checkpoint, origin, verifier);
    return null;
  } catch (error) {
    if (!(error instanceof PersistenceError)) throw error;
    return { code: 'checkpoint', where, detail: error.message };
  }
}

function missing(index: number, detail: string): LogFinding {
  return { code: 'missing-leaf', where: `leaf ${index}`, detail };
}
