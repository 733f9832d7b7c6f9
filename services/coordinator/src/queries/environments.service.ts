import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { RoundEnvironments } from '#libs/contracts';
import { noSuchRound } from '../rounds/round-problems.js';
import { loadRound } from '../rounds/round-store.js';
import { VerifiedResultsService } from '../rounds/verified-results.service.js';
import { comparedFacts } from './compared-facts.js';

/** The machines that a round was built on. */
@Injectable()
export class EnvironmentsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly verified: VerifiedResultsService,
  ) {}

  /**
   * Gives the facts of every machine that showed a result, side by side.
   *
   * @throws ProblemError no-such-round
   */
  async ofRound(round: string, isOnlyDifferences: boolean): Promise<RoundEnvironments> {
    const loaded = await loadRound(this.dataSource.manager, round, this.verified.asStored);
    if (loaded === null) {
      throw noSuchRound(round);
    }
    const { builders, results } = loaded;
    const facts = comparedFacts(
      [...results].map(([builder, { environment }]) => ({ builder, environment })),
    );
    return {
      builders: builders.map(({ builder, operator }) => ({
        ...{ builder, operator, source: results.get(builder)?.environment.source ?? null },
      })),
      facts: isOnlyDifferences ? facts.filter(({ differs }) => differs) : [...facts],
    };
  }
}
