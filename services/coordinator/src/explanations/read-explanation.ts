import type { EntityManager } from 'typeorm';
import type { Experiment } from '#libs/attestation';
import { RoundExplanation, type ExplanationReport } from '#libs/contracts';
import { ExplanationEntity } from '#libs/persistence';
import { marksOf } from './explanation-marks.js';

/** Reads what is known of why a round split; null for a round without a verdict. */
export async function readExplanation(
  manager: EntityManager,
  round: string,
): Promise<RoundExplanation | null> {
  const row = await manager.findOneBy(ExplanationEntity, { round });
  if (row === null) return null;
  const artifacts = (JSON.parse(row.body ?? '[]') as ExplanationReport[]).map(async (told) => ({
    ...told,
    next: told.next === null ? null : { ...told.next, request: requestOf(round, told, told.next) },
    firstAffected: await findFirst(manager, round, marksOf(told)),
  }));
  return RoundExplanation.parse({
    round,
    isComplete: row.isComplete,
    madeAt: row.madeAt?.toISOString() ?? null,
    artifacts: await Promise.all(artifacts),
  });
}

/** What opens the experiment that is proposed. */
function requestOf(
  round: string,
  { artifact }: ExplanationReport,
  { builder, change }: NonNullable<ExplanationReport['next']>,
): Experiment {
  return { round, artifact, builder, change };
}

/** The earliest round in which the same thing differed, or for the same reason. */
async function findFirst(
  manager: EntityManager,
  round: string,
  marks: readonly string[],
): Promise<ExplanationReport['firstAffected']> {
  if (marks.length === 0) return null;
  const [first] = await manager.query<{ round: string; release: string; openedAt: Date }[]>(
    `SELECT round."id" AS "round", round."release", round."opened_at" AS "openedAt"
     FROM "explanation" told JOIN "round" round ON round."id" = told."round"
     WHERE told."marks" && $1::text[]
       AND round."opened_at" <= (SELECT "opened_at" FROM "round" WHERE "id" = $2)
     ORDER BY round."opened_at", round."id" LIMIT 1`,
    [marks, round],
  );
  return first === undefined ? null : { ...first, openedAt: first.openedAt.toISOString() };
}
