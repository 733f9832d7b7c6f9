import { HttpStatus } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Release } from '#libs/attestation';
import { ProblemError } from '#libs/platform';
import { countRound } from '../rounds/round-ballot.js';
import { loadRound, type LoadedRound } from '../rounds/round-store.js';
import type { BuiltResult } from '../explanations/split-artifacts.js';

/** Rounds that are looked at, the newest first: of an older one the machines have changed. */
const MAX_ROUNDS = 50;

/** One artifact as it was reproduced. */
export interface ReproducedArtifact {
  readonly name: string;
  readonly digest: string;
  /** Everybody whose build it was, by id. */
  readonly matching: readonly {
    readonly builder: string;
    readonly operator: string;
    readonly result: BuiltResult;
  }[];
}

/** A round that a builder can be held against. */
export interface CalibrationReference {
  readonly round: string;
  readonly release: Release;
  readonly artifacts: readonly ReproducedArtifact[];
}

/**
 * Finds the newest round whose verdict a builder can be held against: what its proposal elects was
 * reproduced, or anything where it elects nothing.
 *
 * @throws ProblemError nothing-to-calibrate-by
 */
export async function findReference(
  manager: EntityManager,
  origin: string,
): Promise<CalibrationReference> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT "id" FROM "round" WHERE "phase" = 'final'
       AND "open"->'experiment' IS NULL AND "open"->'calibration' IS NULL
     ORDER BY "decided_at" DESC LIMIT ${MAX_ROUNDS}`,
  );
  for (const { id } of rows) {
    const loaded = await loadRound(manager, id);
    const reference = loaded === null ? null : referenceOf(loaded, origin);
    if (reference !== null) return reference;
  }
  throw new ProblemError(
    HttpStatus.CONFLICT,
    'nothing-to-calibrate-by',
    'no release was reproduced here yet: a builder is calibrated by one that others have reproduced',
  );
}

/** Reads what of a decided round was reproduced; null where that is not enough to go by. */
export function referenceOf(loaded: LoadedRound, origin: string): CalibrationReference | null {
  const verdicts = countRound(loaded, { isRepeated: false, origin });
  const reproduced = verdicts.filter(({ verdict }) => verdict === 'reproduced');
  const isSound = verdicts.every(({ elected, verdict }) => !elected || verdict === 'reproduced');
  if (reproduced.length === 0 || !isSound) return null;
  const operators = new Map(loaded.builders.map(({ builder, operator }) => [builder, operator]));
  return {
    round: loaded.row.id,
    release: loaded.open.release,
    artifacts: reproduced.flatMap(({ name, clusters }): readonly ReproducedArtifact[] => {
      const cluster = clusters.find(({ matchesExpected }) => matchesExpected);
      if (cluster === undefined) return [];
      const matching = cluster.builders.flatMap((builder) => {
        const result = loaded.results.get(builder);
        const operator = operators.get(builder) ?? builder;
        return result?.kind === 'built' ? [{ builder, operator, result }] : [];
      });
      return [{ name, digest: cluster.digest, matching }];
    }),
  };
}

/** The release of a calibration: the same artifacts, of which nothing is expected or elected. */
export function calibrationRelease({ release }: Pick<CalibrationReference, 'release'>): Release {
  return {
    ...release,
    artifacts: release.artifacts.map((it) => ({ ...it, expected: null, elected: false })),
  };
}
