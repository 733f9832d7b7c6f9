import type { EntityManager } from 'typeorm';
import {
  openEnvelope,
  parseEnvelope,
  parseStatement,
  readResult,
  invitedKey,
  RoundOpen,
  type Result,
  type Reveal,
} from '#libs/attestation';
import { claimOf } from '#libs/contracts';
import { OPENED, type RoundState } from '#libs/consensus';
import { EnvelopeEntity, RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { readReveals } from './round-reveals.js';

/** A round with everything logged of it, read in one transaction. */
export interface LoadedRound {
  readonly row: RoundEntity;
  /** RoundOpen, with everybody who was ever invited on its roster. */
  readonly open: RoundOpen;
  readonly builders: readonly RoundBuilderEntity[];
  readonly state: RoundState;
  /** Every result that was shown, by builder, counted or not. */
  readonly results: ReadonlyMap<string, Result>;
  /** What those who showed them had seen of the log, in a round that asks for witnesses. */
  readonly reveals: ReadonlyMap<string, Reveal>;
}

/** Lists the ids of all builders that a round invited. */
export function invitedBuilders(open: RoundOpen): readonly string[] {
  return open.roster.flatMap(({ builders }) => builders.map(({ builder }) => builder));
}

/** Reads a round's RoundOpen with its amended roster; null when there is no such round. */
export async function findOpen(manager: EntityManager, round: string): Promise<RoundOpen | null> {
  const row = await manager.findOneBy(RoundEntity, { id: round });
  return row === null ? null : openOf(row);
}

/** RoundOpen with everybody who was ever invited: whoever reads a roster reads this one. */
function openOf({ open, roster }: RoundEntity): RoundOpen {
  return RoundOpen.parse(roster === null ? open : { ...open, roster });
}

/** Reads a round with its results; null when there is no such round. */
export async function loadRound(
  manager: EntityManager,
  round: string,
): Promise<LoadedRound | null> {
  const row = await manager.findOneBy(RoundEntity, { id: round });
  if (row === null) return null;
  const open = openOf(row);
  const builders = await manager.find(RoundBuilderEntity, {
    where: { round },
    order: { operator: 'ASC', builder: 'ASC' },
  });
  const results = await readResults(manager, open, builders);
  const reveals: ReadonlyMap<string, Reveal> =
    open.witnessing === undefined ? new Map() : await readReveals(manager, round, open);
  const counted = builders.filter(({ isCounted }) => isCounted);
  const state: RoundState = {
    ...OPENED,
    phase: row.phase,
    isBlind: open.blind,
    commits: new Map(
      builders.flatMap(({ builder, commitment, isLate }) =>
        commitment === null || isLate ? [] : [[builder, commitment]],
      ),
    ),
    late: new Set(builders.filter(({ isLate }) => isLate).map(({ builder }) => builder)),
    claims: new Map(
      counted.flatMap(({ builder }) => {
        const result = results.get(builder);
        return result === undefined ? [] : [[builder, claimOf(result)]];
      }),
    ),
  };
  return { row, open, builders, state, results, reveals };
}

async function readResults(
  manager: EntityManager,
  open: RoundOpen,
  builders: readonly RoundBuilderEntity[],
): Promise<ReadonlyMap<string, Result>> {
  const shown = builders.filter(({ resultSha256 }) => resultSha256 !== null);
  if (shown.length === 0) return new Map();
  const rows = await manager
    .createQueryBuilder(EnvelopeEntity, 'envelope')
    .where('envelope.sha256 = ANY(:ids)', { ids: shown.map(({ resultSha256 }) => resultSha256) })
    .getMany();
  const bodies = new Map(rows.map(({ sha256, body }) => [sha256, body]));
  return new Map(
    shown.flatMap(({ builder, resultSha256 }) => {
      const body = bodies.get(resultSha256 ?? '');
      const key = invitedKey(open, builder);
      if (body === undefined || key === null) return [];
      // Verified again on every read: a row that was tampered with must not become a vote.
      return [[builder, readResult(parseStatement(openEnvelope(parseEnvelope(body), key)))]];
    }),
  );
}
