import { In, type DataSource, type EntityManager } from 'typeorm';
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
    return (await this.receipts([index])).get(index) ?? null;
  }

  /**
   * Gives the receipts of many leaves, all against one checkpoint, by index; those that it does not
   * cover are left out. Takes three queries, however many they are.
   *
   * @throws PersistenceError as {@link receipt}
   */
  async receipts(indices: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const checkpoint = await this.latest();
    if (checkpoint === null) return new Map();
    const covered = indices.filter((index) => index < checkpoint.size);
    const size = BigInt(checkpoint.size);
    const { manager } = this.dataSource;
    const ids = covered.flatMap((index) => inclusionNodes(BigInt(index), size));
    const distinct = new Map(ids.map((id) => [`${id.level}/${id.index.toString()}`, id]));
    const read = await readNodes(manager, [...distinct.values()]);
    const rows = await manager.find(LogEntryEntity, {
      select: { index: true, entry: true },
      where: { index: In(covered) },
    });
    const entries = new Map(rows.map(({ index, entry }) => [index, entry]));
    const root = new Uint8Array(checkpoint.root);
    return new Map(
      covered.map((index) => {
        const entry = entries.get(index);
        if (entry === undefined) {
          throw new PersistenceError('LOG_CORRUPT', `leaf ${index} was signed, and is not stored`);
        }
        const place = { index: BigInt(index), size };
        const proof = buildInclusionProof(place.index, size, read);
        soundly('the stored tree does not hold the stored leaf', () => {
          verifyInclusion({ ...place, proof, leafHash: hashLeaf(entry), root });
        });
        const file = { index: place.index, proof, checkpoint: checkpoint.note };
        return [index, formatProofFile(file)] as const;
      }),
    );
  }
}
