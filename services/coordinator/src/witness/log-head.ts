import type { DataSource } from 'typeorm';
import {
  CheckpointEntity,
  keepCosignature,
  lastCosignedSize,
  readConsistencyProof,
} from '#libs/persistence';
import { EMPTY_ROOT, formatCheckpoint, signNote, type NoteSigner } from '#libs/tlog';

/** The newest signed tree, as a witness is shown it. */
export interface ShownTree {
  readonly size: number;
  /** The signed note, without cosignatures. */
  readonly note: string;
}

/** What is stored of this log, as far as witnesses are concerned. */
export class LogHead {
  constructor(
    private readonly dataSource: DataSource,
    private readonly origin: string,
    private readonly signer: NoteSigner,
  ) {}

  /**
   * Gives the newest checkpoint. Of a log without one it is that of the tree without leaves: every
   * tree grew from it, so it contradicts nothing, and it tells whether this log was longer once.
   */
  async newest(): Promise<ShownTree> {
    const [newest] = await this.dataSource.manager.find(CheckpointEntity, {
      order: { size: 'DESC' },
      take: 1,
    });
    if (newest !== undefined) return newest;
    const text = formatCheckpoint({ origin: this.origin, size: 0n, root: EMPTY_ROOT });
    return { size: 0, note: signNote(text, [this.signer]) };
  }

  /** Proves from stored nodes that the log grew. @throws PersistenceError LOG_CORRUPT */
  proof(oldSize: number, size: number): Promise<readonly Uint8Array[]> {
    return readConsistencyProof(this.dataSource.manager, oldSize, size);
  }

  /** The size that a witness, named by the hex of its key, cosigned last as far as is known here. */
  lastCosigned(witness: string): Promise<number> {
    return lastCosignedSize(this.dataSource.manager, witness);
  }

  /** Keeps a verified line. */
  async keep(size: number, witness: string, line: string): Promise<void> {
    if (size > 0) await keepCosignature(this.dataSource.manager, { size, witness, line });
  }
}
