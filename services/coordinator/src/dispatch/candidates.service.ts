import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RosterEntry } from '#libs/attestation';
import type { BuilderView } from '#libs/contracts';
import type { Candidate } from '#libs/selection';
import { occupancyOf } from '../builders/lease.js';
import { RegistryService } from '../builders/registry.service.js';
import type { Config } from '../config.js';
import { CONFIG } from '../tokens.js';

/** Tells of the builders of a roster what a choice between them needs. */
@Injectable()
export class CandidatesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly registry: RegistryService,
  ) {}

  /** Gives every builder of a roster as a candidate, with what the registry knows of it by now. */
  async of(
    manager: EntityManager,
    roster: readonly RosterEntry[],
    now: Date,
  ): Promise<readonly Candidate[]> {
    const ids = roster.flatMap(({ builders }) => builders.map(({ builder }) => builder));
    const views = new Map(
      (await this.registry.findAll(ids, manager)).map((view) => [view.builder, view]),
    );
    const invited = await lastInvited(manager, ids);
    return roster.flatMap(({ operator, builders }) =>
      builders.map(({ builder }): Candidate => {
        const view = views.get(builder);
        return {
          ...{ builder, operator, tags: view?.tags ?? [] },
          facts: view?.capabilities ?? null,
          calibration: view?.calibration?.outcome ?? 'none',
          isBusy: isBusy(view, now),
          lastInvitedAt: invited.get(builder) ?? null,
          presence: this.presenceOf(view, now),
        };
      }),
    );
  }

  /** A builder that a file lists may be one whose agent never told of itself: it is not called away. */
  private presenceOf(view: BuilderView | undefined, now: Date): Candidate['presence'] {
    const heard = view?.lastSeenAt ?? view?.approvedAt ?? null;
    if (heard === null) return 'unknown';
    const silentMs = now.getTime() - Date.parse(heard);
    return silentMs < this.config.VANISHED_SECONDS * 1000 ? 'here' : 'away';
  }
}

function isBusy(view: BuilderView | undefined, now: Date): boolean {
  const occupancy = view === undefined ? null : occupancyOf(view, now);
  return occupancy !== null && occupancy.free === 0;
}

async function lastInvited(
  manager: EntityManager,
  builders: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await manager.query<{ builder: string; at: Date }[]>(
    `SELECT "builder", max("invited_at") AS "at" FROM "round_builder"
     WHERE "builder" = ANY($1) AND "invited_at" IS NOT NULL GROUP BY "builder"`,
    [builders],
  );
  return new Map(rows.map(({ builder, at }) => [builder, at.getTime()]));
}
