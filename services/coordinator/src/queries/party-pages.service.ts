import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import {
  Standing,
  type Agreement,
  type BuilderHistory,
  type BuilderHistoryQuery,
  type OperatorList,
  type OperatorListQuery,
} from '#libs/contracts';
import { noSuchBuilder } from '../builders/builder-problems.js';
import {
  agreementQuery,
  historyQuery,
  knownBuilderQuery,
  operatorQuery,
  seatExistsQuery,
  type HistoryRow,
} from './builder-query.js';
import { pageOf, runPage, runQuery } from './query.js';

interface OperatorRow {
  readonly operator: string;
  readonly builders: string[];
  readonly round: string;
  readonly openedAt: Date;
}

/** Lists of those who build: operators, and a builder's rounds. */
@Injectable()
export class PartyPagesService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Lists the rounds that a builder was invited to, newest first; none for one that only asked to join.
   *
   * @throws ProblemError bad-cursor, no-such-builder
   */
  async history(builder: string, asked: BuilderHistoryQuery): Promise<BuilderHistory> {
    const { before = null } = asked;
    const found = await runPage<HistoryRow>(this.dataSource.manager, {
      page: historyQuery(builder, asked, before),
      cursor: before === null ? null : { text: before, exists: seatExistsQuery(builder, before) },
    });
    if (found.length === 0) await this.requireKnown(builder);
    const { rows, next } = pageOf(found, asked.limit, ({ id }) => id);
    return {
      rounds: rows.map(({ id, release, proposalId, phase, openedAt, ...seat }) => ({
        ...{ round: id, release, proposal: proposalId, phase, openedAt: openedAt.toISOString() },
        ...{
          operator: seat.operator,
          commitIndex: seat.commitIndex,
          resultIndex: seat.resultIndex,
        },
        standing: seat.standing === null ? null : Standing.parse(seat.standing),
        outcome: seat.outcome,
        ...(seat.isArchived && { archived: true }),
      })),
      next,
    };
  }

  /**
   * Counts how often a builder got what enough operators agreed on.
   *
   * @throws ProblemError no-such-builder
   */
  async agreement(builder: string): Promise<Agreement> {
    const rows = await runQuery<{ standing: Standing; rounds: number }>(
      this.dataSource.manager,
      agreementQuery(builder),
    );
    if (rows.length === 0) await this.requireKnown(builder);
    const counted = new Map(rows.map(({ standing, rounds }) => [standing, rounds]));
    const of = (standing: Standing): number => counted.get(standing) ?? 0;
    const [agreed, disagreed] = [of('agreed'), of('disagreed')];
    return {
      builder,
      rounds: rows.reduce((sum, { rounds }) => sum + rounds, 0),
      ...{ agreed, disagreed, undecided: of('undecided'), failed: of('failed') },
      ...{ absent: of('absent'), declined: of('declined'), late: of('late') },
      unrevealed: of('unrevealed'),
      rate: agreed + disagreed === 0 ? null : agreed / (agreed + disagreed),
    };
  }

  /** Lists operators by name, as rosters have them. */
  async operators(asked: OperatorListQuery): Promise<OperatorList> {
    const found = await runQuery<OperatorRow>(this.dataSource.manager, operatorQuery(asked));
    const { rows, next } = pageOf(found, asked.limit, ({ operator }) => operator);
    return {
      operators: rows.map(({ operator, builders, round, openedAt }) => ({
        ...{ operator, builders, newest: { round, openedAt: openedAt.toISOString() } },
      })),
      next,
    };
  }

  /** Nothing is known of a builder: that is an answer for one that is known itself. */
  private async requireKnown(builder: string): Promise<void> {
    const found = await runQuery(this.dataSource.manager, knownBuilderQuery(builder));
    if (found.length === 0) throw noSuchBuilder(builder);
  }
}
