import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { MoreThanOrEqual, type DataSource, type EntityManager } from 'typeorm';
import type { CloseEvidence, CloseEvidenceAsked } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { isSufficientlyWitnessed } from '#libs/evidence';
import {
  CheckpointEntity,
  cosignedNotes,
  readConsistencyProof,
  readInclusionProof,
  RoundBuilderEntity,
  RoundEntity,
} from '#libs/persistence';
import { parsePolicy } from '#libs/tlog';
import type { Config } from '../config.js';
import { LogHalt } from '../log/log-halt.js';
import { findOpen } from '../rounds/round-store.js';
import { CONFIG } from '../tokens.js';
import { quorumNeeds } from './quorum-needs.js';

/** Checkpoints that are looked through for a sufficient one. Each publication makes one. */
const LOOK_BACK = 64;

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
   * while there is none, or none that the asked size could have grown to. The newest that the round's
   * policy finds sufficient goes before a newer one: witnesses follow the log a little behind it.
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
      const least = Math.max(closeIndex + 1, commitIndex + 1, oldSize);
      const found = await this.choose(manager, round, { least, minSize: closeIndex + 1 });
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

  private async choose(
    manager: EntityManager,
    round: string,
    { least, minSize }: { least: number; minSize: number },
  ): Promise<{ readonly size: number; readonly note: string } | null> {
    const checkpoints = await manager.find(CheckpointEntity, {
      where: { size: MoreThanOrEqual(least) },
      order: { size: 'DESC' },
      take: LOOK_BACK,
    });
    const notes = await cosignedNotes(manager, checkpoints);
    const shown = checkpoints.map(({ size }, at) => ({ size, note: notes[at] ?? '' }));
    const policy = (await findOpen(manager, round))?.witnessing?.policy;
    if (policy === undefined) return shown[0] ?? null;
    const { least: fewest } = quorumNeeds(parsePolicy(policy));
    const origin = this.config.LOG_ORIGIN;
    const sufficient = shown
      // Builders ask again and again while witnesses are missing: signatures are verified only where
      // there are enough of them, the log's own besides.
      .filter(({ note }) => signaturesOf(note) > fewest)
      .find(({ note }) => isSufficientlyWitnessed({ note, policy, origin, minSize }));
    return sufficient ?? shown[0] ?? null;
  }
}

function signaturesOf(note: string): number {
  return note.slice(note.lastIndexOf('\n\n') + 2).split('\n').length - 1;
}
