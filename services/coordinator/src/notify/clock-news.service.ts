import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { MoreThan, type DataSource } from 'typeorm';
import { givesVerdict } from '#libs/attestation';
import { newsByClock, type News, type WatchedProposal, type WatchedRound } from '#libs/contracts';
import { ProposalEntity, RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { RegistryService } from '../builders/registry.service.js';
import type { Config } from '../config.js';
import { heardOf, vanishesAt } from '../dispatch/missing-builders.js';
import { openOf } from '../rounds/round-store.js';
import { CONFIG } from '../tokens.js';
import { foundIn, type Found } from './news-writer.js';
import { NOBODY, readAudiences } from './round-audiences.js';
import { factsOf, newsProposal } from './round-moments.js';
import { readVerdictAt } from './round-verdicts.js';

/** Verdicts that leave a voter with nothing. */
const UNDECIDED: readonly string[] = ['insufficient', 'source-unavailable', 'pending'];
/** More rounds than that are never open at a time. */
const MOST_ROUNDS = 1_000;

/** Finds what is new because time has passed: builders that vanish, deadlines that come near. */
@Injectable()
export class ClockNews {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    private readonly registry: RegistryService,
  ) {}

  /** Gives all that holds now, told before or not. */
  async find(now: Date): Promise<readonly Found[]> {
    const rounds = await this.openRounds();
    const nearMs = this.config.NEWS_DEADLINE_SECONDS * 1000;
    const vanished = rounds.flatMap((watched) =>
      foundIn(watched.facts, newsByClock({ rounds: [watched], proposals: [], nearMs }, now)),
    );
    const proposals = await this.nearProposals(now, nearMs);
    const near = await this.withAudience(newsByClock({ rounds: [], proposals, nearMs }, now));
    return [...vanished, ...near];
  }

  private async openRounds(): Promise<readonly WatchedRound[]> {
    const { manager } = this.dataSource;
    const rows = await manager.find(RoundEntity, { where: { phase: 'open' }, take: MOST_ROUNDS });
    const watched: WatchedRound[] = [];
    for (const row of rows) {
      const open = openOf(row);
      if (!givesVerdict(open)) continue;
      const seats = await manager.findBy(RoundBuilderEntity, { round: row.id });
      const views = await this.registry.findAll(seats.map(({ builder }) => builder));
      const silence = {
        ...{ now: 0, openedAt: row.openedAt.getTime(), heard: heardOf(views, open) },
        vanishedMs: this.config.VANISHED_SECONDS * 1000,
      };
      const waiting = seats.flatMap((seat) => {
        const vanishesAtMs = vanishesAt(seat, silence);
        const { builder, operator } = seat;
        return vanishesAtMs === null ? [] : [{ builder, operator, vanishesAtMs }];
      });
      watched.push({ facts: await factsOf(manager, row, open), waiting });
    }
    return watched;
  }

  private async nearProposals(now: Date, nearMs: number): Promise<readonly WatchedProposal[]> {
    const rows = await this.dataSource.getRepository(ProposalEntity).find({
      select: { id: true, title: true, votingEndsAt: true, decision: true },
      where: { votingEndsAt: MoreThan(now) },
      order: { votingEndsAt: 'ASC' },
      take: MOST_ROUNDS,
    });
    const near = rows.filter(
      ({ votingEndsAt, decision }) =>
        (votingEndsAt?.getTime() ?? Infinity) - now.getTime() <= nearMs &&
        (decision as { kind?: unknown }).kind === 'elects',
    );
    return Promise.all(near.map((row) => this.watchedProposal(row)));
  }

  private async watchedProposal(row: ProposalEntity): Promise<WatchedProposal> {
    const [newest] = await this.dataSource.getRepository(RoundEntity).find({
      where: { proposalId: row.id },
      order: { openedAt: 'DESC' },
      take: 1,
    });
    const deadlineAt = (row.votingEndsAt ?? new Date(0)).toISOString();
    return {
      proposal: { ...newsProposal(row), deadlineAt },
      release: newest?.release ?? null,
      round: newest?.id ?? null,
      state: newest === undefined ? 'no-round' : await this.stateOf(newest),
    };
  }

  private async stateOf({ phase, verdictIndex }: RoundEntity): Promise<WatchedProposal['state']> {
    if (phase !== 'final' || verdictIndex === null) return phase === 'open' ? 'open' : 'revealing';
    const artifacts = await readVerdictAt(this.dataSource.manager, verdictIndex);
    const elected = artifacts.filter((artifact) => artifact.elected);
    const main = elected.length > 0 ? elected : artifacts;
    return main.every(({ verdict }) => UNDECIDED.includes(verdict)) ? 'undecided' : 'decided';
  }

  /** Whoever wants news of an operator wants to know that a round it is in comes late. */
  private async withAudience(news: readonly News[]): Promise<readonly Found[]> {
    const rounds = news.flatMap(({ data }) => data.round ?? []);
    const audiences = await readAudiences(this.dataSource.manager, rounds);
    return news.map((each) => {
      return { news: each, audience: audiences.get(each.data.round ?? '') ?? NOBODY };
    });
  }
}
