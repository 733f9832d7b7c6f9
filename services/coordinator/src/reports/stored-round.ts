import type { DataSource } from 'typeorm';
import type { RegistryService } from '../builders/registry.service.js';
import { heardOf } from '../dispatch/missing-builders.js';
import { findAsk, type RoundAsk } from '../dispatch/round-asks.js';
import { readRepeated } from '../rounds/repeated-rounds.js';
import { loadRound, type LoadedRound } from '../rounds/round-store.js';
import type { KnownResults } from '../rounds/verified-results.service.js';
import type { KnownBuilders } from './builder-reports.js';

/** A round, and what is kept of it beside the log. */
export interface StoredRound {
  readonly loaded: LoadedRound;
  readonly isRepeated: boolean;
  /** What it asked for; null where it named its builders. */
  readonly asked: RoundAsk | null;
  readonly known: KnownBuilders;
}

/** What reading a round takes beside the database. */
export interface StoredRoundReader {
  readonly registry: Pick<RegistryService, 'findAll'>;
  /** Those that need not be verified once more. */
  readonly verified?: KnownResults;
  /** After how long a builder that is not heard of counts as gone. */
  readonly vanishedMs: number;
}

/**
 * Reads a round as of one moment; null where it is not known. Read by turns while somebody is invited in
 * another's stead, it would tell of who came, and not count them.
 */
export async function readStoredRound(
  dataSource: DataSource,
  round: string,
  { registry, verified, vanishedMs }: StoredRoundReader,
): Promise<StoredRound | null> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const loaded = await loadRound(manager, round, verified);
    if (loaded === null) return null;
    const builders = loaded.builders.map(({ builder }) => builder);
    const views = await registry.findAll(builders, manager);
    const openedAt = loaded.row.openedAt.getTime();
    return {
      loaded,
      isRepeated: (await readRepeated(manager, [round])).has(round),
      asked: await findAsk(manager, round),
      known: {
        views: new Map(views.map((view) => [view.builder, view])),
        silence: { now: Date.now(), openedAt, vanishedMs, heard: heardOf(views, loaded.open) },
      },
    };
  });
}
