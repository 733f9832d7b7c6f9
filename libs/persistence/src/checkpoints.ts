import type { DataSource, EntityManager } from 'typeorm';
import {
  formatCheckpoint,
  rootOfFrontier,
  signNote,
  type NoteSigner,
  type NoteVerifier,
} from '#libs/tlog';
import { CheckpointEntity } from './entities/checkpoint.entity.js';
import { readProvable, receiptsOf } from './leaf-receipts.js';
import { lockCheckpoints } from './log-append.js';
import { runPrepared, type Prepared } from './prepared.js';
import {
  grownTree,
  grownTreeNodes,
  lastCheckpoint,
  readLogState,
  requireOwnNote,
} from './signed-tree.js';

/** What publishing gives to those who wait for it. */
export interface Published {
  /** Null for an empty log. */
  readonly checkpoint: CheckpointEntity | null;
  /** By index; those that the checkpoint does not cover are left out. */
  readonly receipts: ReadonlyMap<number, string>;
}

const INSERT: Prepared = {
  name: 'insert-checkpoint',
  text: 'INSERT INTO "log_checkpoint" ("size", "root", "note") VALUES ($1, $2, $3)',
};

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
    return (await this.publishWithReceipts([])).checkpoint;
  }

  /**
   * Publishes, and gives the {@link receipts} of leaves against what was published, with fewer queries
   * than one after the other.
   *
   * @throws PersistenceError LOG_CORRUPT as {@link publish} and {@link receipts}
   */
  async publishWithReceipts(indices: readonly number[]): Promise<Published> {
    const read = await this.dataSource.transaction(async (manager) => {
      await lockCheckpoints(manager);
      const state = await readLogState(manager);
      const { size, last } = state;
      if (size === 0 && last === null) return null;
      if (last?.size === size) {
        return { checkpoint: last, provable: await readProvable(manager, indices, size) };
      }
      if (last !== null) requireOwnNote(last, this.origin, this.verifier);
      const provable = await readProvable(manager, indices, size, grownTreeNodes(state));
      const checkpoint = this.sign(size, rootOfFrontier(grownTree(state, provable.read)));
      await runPrepared(manager, INSERT, [size, checkpoint.root, checkpoint.note]);
      return { checkpoint: manager.create(CheckpointEntity, checkpoint), provable };
    });
    if (read === null) return { checkpoint: null, receipts: new Map() };
    // Only now is the checkpoint durable: a receipt with one that is not could be contradicted.
    const { checkpoint, provable } = read;
    return { checkpoint, receipts: receiptsOf(provable, checkpoint) };
  }

  private sign(size: number, root: Uint8Array): CheckpointEntity {
    const text = formatCheckpoint({ origin: this.origin, size: BigInt(size), root });
    return { size, root: Buffer.from(root), note: signNote(text, [this.signer]) };
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
   * Of the stored tree only what the proofs need beside these leaves is read, and the rest computed.
   *
   * @throws PersistenceError as {@link receipt}
   */
  async receipts(indices: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const checkpoint = await this.latest();
    if (checkpoint === null) return new Map();
    const { manager } = this.dataSource;
    return receiptsOf(await readProvable(manager, indices, checkpoint.size), checkpoint);
  }
}
