import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { In, type DataSource } from 'typeorm';
import { givesVerdict, type RoundGroup } from '#libs/attestation';
import type { GroupReport, GroupRound, GroupRounds, RoundGroups } from '#libs/contracts';
import { GroupEntity, LogEntryEntity, ProposalEntity } from '#libs/persistence';
import { LogService } from '../log/log.service.js';
import { readRepeated } from '../rounds/repeated-rounds.js';
import { noSuchRound } from '../rounds/round-problems.js';
import { loadRound, loadRounds, type LoadedRound } from '../rounds/round-store.js';
import type { LoggedAt } from './attendance.js';
import { VerifiedResultsService } from '../rounds/verified-results.service.js';
import { countGroup } from './count-group.js';
import { roundGroupOf } from './group-row.js';
import { GroupsService } from './groups.service.js';
import { groupRoundsPage } from './group-rounds.js';

/** What rounds come to for groups: worked out of what is logged, as the rounds' own verdicts are. */
@Injectable()
export class GroupReportsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly log: LogService,
    private readonly groups: GroupsService,
    private readonly verified: VerifiedResultsService,
  ) {}

  /**
   * Reports on every group that a round was opened for, else on those that have a member in it.
   *
   * @throws ProblemError no-such-round
   */
  async ofRound(round: string): Promise<RoundGroups> {
    const { manager } = this.dataSource;
    const loaded = await loadRound(manager, round, this.verified.asStored);
    if (loaded === null) {
      throw noSuchRound(round);
    }
    const deadline = await this.deadlineOf(loaded);
    const now = loaded.open.groups === undefined ? await manager.find(GroupEntity) : [];
    const groups = givesVerdict(loaded.open)
      ? (loaded.open.groups ?? now.map(roundGroupOf).filter((group) => isIn(loaded, group)))
      : [];
    const reports: GroupReport[] = [];
    for (const group of groups) reports.push(await this.report(loaded, group, deadline));
    return { round, deadlineAt: deadline?.toISOString() ?? null, groups: reports };
  }

  /**
   * Gives a page of the rounds that were opened for a group, newest first.
   *
   * @throws ProblemError no-such-group, bad-cursor
   */
  async ofGroup(id: string, limit: number, before: string | undefined): Promise<GroupRounds> {
    await this.groups.find(id);
    const { manager } = this.dataSource;
    const { rounds, next } = await groupRoundsPage(manager, { group: id, limit, before });
    const found = await loadRounds(manager, rounds, this.verified.asStored);
    const loaded = new Map(found.map((each) => [each.row.id, each]));
    const told: GroupRound[] = [];
    for (const round of rounds) {
      const own = loaded.get(round);
      const group = own?.open.groups?.find((each) => each.group === id);
      if (own === undefined || group === undefined) continue;
      const deadline = await this.deadlineOf(own);
      told.push({
        ...{ round, release: own.row.release, proposal: own.row.proposalId },
        ...{ phase: own.row.phase, openedAt: own.row.openedAt.toISOString() },
        deadlineAt: deadline?.toISOString() ?? null,
        report: await this.report(own, group, deadline),
      });
    }
    return { rounds: told, next };
  }

  private async report(
    loaded: LoadedRound,
    group: RoundGroup,
    deadline: Date | null,
  ): Promise<GroupReport> {
    const { row, open } = loaded;
    return countGroup(loaded, group, {
      definition: open.groups === undefined ? 'current' : 'round',
      isRepeated: (await readRepeated(this.dataSource.manager, [row.id])).has(row.id),
      origin: this.log.config.LOG_ORIGIN,
      loggedAt: await this.loggedAt(loaded),
      deadline,
    });
  }

  private async loggedAt({ builders }: LoadedRound): Promise<LoggedAt> {
    const indices = builders.flatMap(({ resultIndex }) => resultIndex ?? []);
    const rows = await this.dataSource.manager.find(LogEntryEntity, {
      select: { index: true, loggedAt: true },
      where: { index: In(indices) },
    });
    const times = new Map(rows.map(({ index, loggedAt }) => [index, loggedAt]));
    return new Map(
      builders.flatMap(({ builder, resultIndex }) =>
        resultIndex === null ? [] : [[builder, times.get(resultIndex) ?? null] as const],
      ),
    );
  }

  private async deadlineOf({ row }: LoadedRound): Promise<Date | null> {
    if (row.proposalId === null) return null;
    const proposal = await this.dataSource.manager.findOneBy(ProposalEntity, {
      id: row.proposalId,
    });
    return proposal?.votingEndsAt ?? null;
  }
}

function isIn({ open }: LoadedRound, { members }: RoundGroup): boolean {
  return open.roster.some(({ operator }) => members.includes(operator));
}
