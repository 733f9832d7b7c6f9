import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { CloseEvidence, CloseEvidenceAsked } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import {
  readConsistencyProof,
  readInclusionProof,
  RoundBuilderEntity,
  RoundEntity,
} from '#libs/persistence';
import type { Config } from '../config.js';
import { LogHalt } from '../log/log-halt.js';
import { findOpen } from '../rounds/round-store.js';
import { CONFIG } from '../tokens.js';
import { shownCheckpoint } from './shown-checkpoint.js';

/** What a builder has to see before it shows its result. */
@Injectable()
export class CloseEvidenceService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    private readonly halt: LogHalt,
  ) {}

  /**
   * Gives one checkpoint that holds a round's close and the builder's commit, with its proofs; null
   * while there is none, or none that the asked size could have grown to.
   *
   * @throws PersistenceError LOG_CORRUPT when the stored tree has a hole
   */
  async find({ round, builder, oldSize }: CloseEvidenceAsked): Promise<CloseEvidence | null> {
    return this.halt.read(async () => {
      const { manager } = this.dataSource;
      const row = await manager.findOneBy(RoundEntity, { id: round });
      const seat = await manager.findOneBy(RoundBuilderEntity, { round, builder });
      const [closeIndex, commitIndex] = [row?.closeIndex ?? null, seat?.commitIndex ?? null];
      if (closeIndex === null || commitIndex === null) return null;
      const open = await findOpen(manager, round);
      const minSize = Math.max(closeIndex + 1, commitIndex + 1, oldSize);
      const origin = this.config.LOG_ORIGIN;
      const found = await shownCheckpoint(manager, open ?? {}, { origin, minSize });
      if (found === null) return null;
      const [consistency, commitPath, closePath] = await Promise.all([
        readConsistencyProof(manager, oldSize, found.size),
        readInclusionProof(manager, commitIndex, found.size),
        readInclusionProof(manager, closeIndex, found.size),
      ]);
      return {
        checkpoint: found.note,
        consistency: consistency.map(toBase64),
        commitIndex,
        commitPath: commitPath.map(toBase64),
        closeIndex,
        closePath: closePath.map(toBase64),
      };
    });
  }
}
