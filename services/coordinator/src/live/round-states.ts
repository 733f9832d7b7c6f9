import type { EntityManager } from 'typeorm';
import { RoundChanged, RoundProgress } from '#libs/contracts';

/** A round as readers are told of it. */
export interface RoundState {
  readonly phase: RoundChanged['phase'];
  readonly version: string;
  readonly isBlind: boolean;
  /** How far each builder says that it is, by builder. */
  readonly progress: ReadonlyMap<string, RoundProgress>;
}

interface Row {
  readonly round: string;
  readonly phase: string;
  readonly isBlind: boolean;
  readonly entries: string;
  readonly explained: string;
  readonly replaced: string;
  readonly logs: string;
  readonly seats: readonly { builder: string; stage: string; percent: number | null }[] | null;
}

/**
 * Reads rounds as they stand, by their ids; what is not known is left out. A version is made of what only
 * ever grows: the round's last entry in the log, when it was explained, who came instead of whom, which
 * logs are there. All coordinators on one database give the same one.
 */
export async function readRoundStates(
  manager: EntityManager,
  rounds: readonly string[],
): Promise<ReadonlyMap<string, RoundState>> {
  const rows = await manager.query<Row[]>(
    `SELECT row."id" AS "round", row."phase",
       coalesce((row."open" ->> 'blind')::boolean, true) AS "isBlind",
       (SELECT coalesce(max(entry."index"), 0) FROM "log_entry" entry
        WHERE entry."round" = row."id") AS "entries",
       coalesce((SELECT floor(extract(epoch FROM told."made_at") * 1000)::bigint
        FROM "explanation" told WHERE told."round" = row."id"), 0) AS "explained",
       coalesce((SELECT jsonb_array_length(asked."replacements") FROM "round_ask" asked
        WHERE asked."round" = row."id"), 0) AS "replaced",
       (SELECT count(*) FROM "build_log" kept
        WHERE kept."round" = row."id" AND kept."state" <> 'awaited') AS "logs",
       (SELECT jsonb_agg(jsonb_build_object(
          'builder', seat."builder", 'stage', seat."stage", 'percent', seat."percent"))
        FROM "round_builder" seat
        WHERE seat."round" = row."id" AND seat."stage" IS NOT NULL) AS "seats"
     FROM "round" row WHERE row."id" = ANY($1)`,
    [rounds],
  );
  return new Map(rows.map((row) => [row.round, stateOf(row)]));
}

function stateOf({ round, phase, isBlind, seats, ...grown }: Row): RoundState {
  const progress = (seats ?? []).flatMap((seat) => {
    // What an agent of a later version says of itself is no reason to tell nothing.
    const told = RoundProgress.safeParse({ kind: 'progress', round, ...seat });
    return told.success ? [[seat.builder, told.data] as const] : [];
  });
  const { entries, explained, replaced, logs } = grown;
  return {
    phase: RoundChanged.shape.phase.parse(phase),
    version: [entries, explained, replaced, logs].join('.'),
    isBlind,
    progress: new Map(progress),
  };
}
