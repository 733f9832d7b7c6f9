import type { EntityManager } from 'typeorm';
import type { RoundBuilderEntity } from '#libs/persistence';

const COLUMNS = `
  seat."round", seat."builder", seat."operator", seat."commitment", seat."is_late" AS "isLate",
  seat."decline_index"::float8 AS "declineIndex", seat."decline_reason" AS "declineReason",
  seat."commit_index"::float8 AS "commitIndex", seat."result_index"::float8 AS "resultIndex",
  seat."result_sha256" AS "resultSha256", seat."is_counted" AS "isCounted",
  seat."stage", seat."percent", seat."invited_at" AS "invitedAt", seat."last_seen_at" AS "lastSeenAt"`;

/** Names one builder's row in one round. */
export interface SeatName {
  readonly round: string;
  readonly builder: string;
}

/** Reads the rows of all builders of some rounds, by operator and builder; hundreds at a time. */
export async function readSeats(
  manager: EntityManager,
  rounds: readonly string[],
): Promise<readonly RoundBuilderEntity[]> {
  return manager.query<RoundBuilderEntity[]>(
    `SELECT ${COLUMNS} FROM "round_builder" seat
     WHERE seat."round" = ANY($1) ORDER BY seat."operator", seat."builder"`,
    [rounds],
  );
}

/** Reads the rows that are named; what is not there is left out. */
export async function readNamedSeats(
  manager: EntityManager,
  names: readonly SeatName[],
): Promise<readonly RoundBuilderEntity[]> {
  return manager.query<RoundBuilderEntity[]>(
    `SELECT ${COLUMNS} FROM "round_builder" seat
     JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[])) AS named("round", "builder")
       ON named."round" = seat."round" AND named."builder" = seat."builder"`,
    [names.map(({ round }) => round), names.map(({ builder }) => builder)],
  );
}

/** Saves what is projected from the log; heartbeats write the other columns, under no lock. */
export async function saveSeats(
  manager: EntityManager,
  seats: readonly RoundBuilderEntity[],
): Promise<void> {
  if (seats.length === 0) return;
  await manager.query(
    `UPDATE "round_builder" AS seat SET
       "decline_index" = now."decline_index", "decline_reason" = now."decline_reason",
       "commitment" = now."commitment", "commit_index" = now."commit_index",
       "is_late" = now."is_late", "result_index" = now."result_index",
       "result_sha256" = now."result_sha256", "is_counted" = now."is_counted"
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::boolean[], $6::bigint[],
       $7::text[], $8::boolean[], $9::bigint[], $10::text[]) AS now("round", "builder", "commitment",
       "commit_index", "is_late", "result_index", "result_sha256", "is_counted", "decline_index",
       "decline_reason")
     WHERE seat."round" = now."round" AND seat."builder" = now."builder"`,
    [
      seats.map(({ round }) => round),
      seats.map(({ builder }) => builder),
      seats.map(({ commitment }) => commitment),
      seats.map(({ commitIndex }) => commitIndex),
      seats.map(({ isLate }) => isLate),
      seats.map(({ resultIndex }) => resultIndex),
      seats.map(({ resultSha256 }) => resultSha256),
      seats.map(({ isCounted }) => isCounted),
      seats.map(({ declineIndex }) => declineIndex),
      seats.map(({ declineReason }) => declineReason),
    ],
  );
}
