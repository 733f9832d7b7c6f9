import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import type { ArtifactSummary } from '#libs/contracts';
import { summaryOf } from '#libs/persistence';
import type { Config } from '../config.js';
import { countRound } from '../rounds/round-ballot.js';
import { loadRounds, type LoadedRound } from '../rounds/round-store.js';
import { VerifiedResultsService } from '../rounds/verified-results.service.js';
import { CONFIG } from '../tokens.js';
import { runQuery } from './query.js';
import {
  movingQuery,
  summaryQuery,
  type MovingRow,
  type SummaryColumns,
  type SummaryRow,
} from './summary-query.js';

/** How a round stands, as a line of a list tells it. */
export type RoundLine = Omit<SummaryRow, 'round'>;

const KEPT_LINES = 2000;

/**
 * How rounds stand. A decided one is read as its signed verdict told it; one that is under way is
 * counted, once for each of its entries.
 */
@Injectable()
export class RoundLinesService {
  private readonly counted = new LRUCache<string, RoundLine>({ max: KEPT_LINES });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    private readonly verified: VerifiedResultsService,
  ) {}

  /** Tells how rounds that were read with their summaries stand, by id. */
  async ofRows(
    rows: readonly (SummaryColumns & { readonly id: string })[],
  ): Promise<ReadonlyMap<string, RoundLine>> {
    const lines = new Map(
      rows.flatMap((row): readonly [string, RoundLine][] => {
        const { id, outcome, eligible, purpose, artifacts } = row;
        if (eligible === null || purpose === null || artifacts === null) return [];
        return [[id, { outcome, eligible, purpose, artifacts }]];
      }),
    );
    const others = await this.count(rows.flatMap(({ id }) => (lines.has(id) ? [] : id)));
    return new Map([...lines, ...others]);
  }

  /** Tells how some rounds stand, by id; what is not known is left out. */
  async of(rounds: readonly string[]): Promise<ReadonlyMap<string, RoundLine>> {
    if (rounds.length === 0) return new Map();
    const told = await runQuery<SummaryRow>(this.dataSource.manager, summaryQuery(rounds));
    const lines = new Map<string, RoundLine>(told.map((row) => [row.round, row]));
    const others = await this.count(rounds.filter((round) => !lines.has(round)));
    return new Map([...lines, ...others]);
  }

  /** Counts rounds of which nothing is stored, or gives what they came to before they went on. */
  private async count(moving: readonly string[]): Promise<ReadonlyMap<string, RoundLine>> {
    const lines = new Map<string, RoundLine>();
    if (moving.length === 0) return lines;
    const versions = await runQuery<MovingRow>(this.dataSource.manager, movingQuery(moving));
    const missing = versions.filter((row) => !this.counted.has(keyOf(row)));
    const loaded = await loadRounds(
      this.dataSource.manager,
      missing.map(({ id }) => id),
      this.verified,
    );
    const byId = new Map(loaded.map((round) => [round.row.id, round]));
    for (const row of versions) {
      const round = byId.get(row.id);
      const line = round === undefined ? this.counted.get(keyOf(row)) : this.lineOf(round, row);
      if (line !== undefined) lines.set(row.id, line);
    }
    return lines;
  }

  private lineOf(round: LoadedRound, version: MovingRow): RoundLine {
    const { experiment, calibration, roster } = round.open;
    const { isRepeated } = version;
    const verdicts = countRound(round, { isRepeated, origin: this.config.LOG_ORIGIN });
    const line = {
      outcome: null,
      artifacts: verdicts.map(summaryOf) as ArtifactSummary[],
      eligible: roster.length,
      purpose: {
        ...(experiment !== undefined && { experiment }),
        ...(calibration !== undefined && { calibration }),
      },
    };
    this.counted.set(keyOf(version), line);
    return line;
  }
}

function keyOf({ id, index, isRepeated }: MovingRow): string {
  return `${id}/${index}/${isRepeated ? 'repeated' : 'alone'}`;
}
