import type { DataSource, EntityManager } from 'typeorm';
import {
  buildInclusionProof,
  formatCheckpoint,
  formatProofFile,
  hashLeaf,
  inclusionNodes,
  rootOfFrontier,
  signNote,
  verifyInclusion,
  type NoteSigner,
  type NoteVerifier,
} from '#libs/tlog';
import { CheckpointEntity } from './entities/checkpoint.entity.js';
import { LogEntryEntity } from './entities/log-entry.entity.js';
import { PersistenceError } from './error.js';
import { lockLog, logSize } from './log-append.js';
import { readNodes } from './log-nodes.js';
import { lastCheckpoint, readGrownTree, requireOwnNote, soundly } from './signed-tree.js';

/** The signed notes of one log, and the receipts made with them. */
export class Checkpoints {
  constructor(
    private readonly dataSource: DataSource,
    private readonly origin: string,
    private readonly signer: NoteSigner,
    /** Of the same key: what it signed before is not believed either. */
    private readonly verifier: NoteVerifier,
  ) {}

  /**
   * Makes sure that a signed checkpoint covers everything committed, and gives the newest one; null
   * for an empty log. Only committed entries are seen here, so a signed tree is always durable. A
   * checkpoint of a size is signed once and read ever after: two replicas never sign two.
   *
   * @throws PersistenceError LOG_CORRUPT when a node of the tree is missing, or the tree is not one
   * that grew from what was signed last
   */
  async publish(): Promise<CheckpointEntity | null> {
    return this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const size = await logSize(manager);
      const last = await lastCheckpoint(manager);
      if (size === 0 && last === null) return null;
      if (last?.size === size) return last;
      if (last !== null) requireOwnNote(last, this.origin, this.verifier);
      const root = rootOfFrontier(await readGrownTree(manager, size, last));
      const text = formatCheckpoint({ origin: this.origin, size: BigInt(size), root });
      const checkpoint = { size, root: Buffer.from(root), note: signNote(text, [this.signer]) };
      await manager.insert(CheckpointEntity, checkpoint);
      return manager.create(CheckpointEntity, checkpoint);
    });
  }

  /** Gives the newest signed checkpoint without making one; null before the first. */
  async latest(manager: EntityManager = this.dataSource.manager): Promise<CheckpointEntity | null> {
    return lastCheckpoint(manager);
  }

  /**
   * Gives the receipt of a leaf: a tlog-proof against the newest checkpoint; null while no
   * checkpoint covers it yet. It is verified before it is handed out.
   *
   * @throws PersistenceError LOG_CORRUPT when a node of the tree is missing or another one
   */
  async receipt(index: number): Promise<string | null> {
    const checkpoint = await this.latest();
    if (checkpoint === null || index >= checkpoint.size) return null;
    const ids = inclusionNodes(BigInt(index), BigInt(checkpoint.size));
    const { manager } = this.dataSource;
    const read = await readNodes(manager, ids);
    const proof = buildInclusionProof(BigInt(index), BigInt(checkpoint.size), read);
    const row = await manager.findOneBy(LogEntryEntity, { index });
    if (row === null) {
      throw new PersistenceError('LOG_CORRUPT', `leaf ${index} was signed, and is not stored`);
    }
    const claim = { index: BigInt(index), size: BigInt(checkpoint.size), proof };
    const [leafHash, root] = [hashLeaf(row.entry), new Uint8Array(checkpoint.root)];
    soundly('the stored tree does not hold the stored leaf', () => {
      verifyInclusion({ ...claim, leafHash, root });
    });
    return formatProofFile({ index: BigInt(index), proof, checkpoint: checkpoint.note });
  }
}
