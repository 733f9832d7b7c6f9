import type { DataSource, EntityManager } from 'typeorm';
import {
  buildInclusionProof,
  formatCheckpoint,
  formatProofFile,
  frontierNodes,
  inclusionNodes,
  rootAt,
  signNote,
  type NoteSigner,
} from '#libs/tlog';
import { CheckpointEntity } from './entities/checkpoint.entity.js';
import { lockLog, logSize } from './log-append.js';
import { readNodes } from './log-nodes.js';

/** The signed notes of one log, and the receipts made with them. */
export class Checkpoints {
  constructor(
    private readonly dataSource: DataSource,
    private readonly origin: string,
    private readonly signer: NoteSigner,
  ) {}

  /**
   * Makes sure that a signed checkpoint covers everything committed, and gives the newest one; null
   * for an empty log. Only committed entries are seen here, so a signed tree is always durable. A
   * checkpoint of a size is signed once and read ever after: two replicas never sign two.
   *
   * @throws PersistenceError LOG_CORRUPT when a node of the tree is missing
   */
  async publish(): Promise<CheckpointEntity | null> {
    return this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const size = await logSize(manager);
      if (size === 0) return null;
      const existing = await manager.findOneBy(CheckpointEntity, { size });
      if (existing !== null) return existing;
      const root = rootAt(BigInt(size), await readNodes(manager, frontierNodes(BigInt(size))));
      const text = formatCheckpoint({ origin: this.origin, size: BigInt(size), root });
      const note = signNote(text, [this.signer]);
      const checkpoint = { size, root: Buffer.from(root), note };
      await manager.insert(CheckpointEntity, checkpoint);
      return manager.create(CheckpointEntity, checkpoint);
    });
  }

  /** Gives the newest signed checkpoint without making one; null before the first. */
  async latest(manager: EntityManager = this.dataSource.manager): Promise<CheckpointEntity | null> {
    const [newest] = await manager.find(CheckpointEntity, { order: { size: 'DESC' }, take: 1 });
    return newest ?? null;
  }

  /**
   * Gives the receipt of a leaf: a tlog-proof against the newest checkpoint; null while no
   * checkpoint covers it yet.
   *
   * @throws PersistenceError LOG_CORRUPT when a node of the tree is missing
   */
  async receipt(index: number): Promise<string | null> {
    const checkpoint = await this.latest();
    if (checkpoint === null || index >= checkpoint.size) return null;
    const ids = inclusionNodes(BigInt(index), BigInt(checkpoint.size));
    const read = await readNodes(this.dataSource.manager, ids);
    const proof = buildInclusionProof(BigInt(index), BigInt(checkpoint.size), read);
    return formatProofFile({ index: BigInt(index), proof, checkpoint: checkpoint.note });
  }
}
