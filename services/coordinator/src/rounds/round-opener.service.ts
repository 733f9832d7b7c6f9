import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import {
  roundIdOf,
  roundOpenStatement,
  unverifiedPayload,
  type Experiment,
  type RoundOpen,
} from '#libs/attestation';
import { parseThreshold, votesNeeded } from '#libs/consensus';
import { SUBJECTS, type OpenRound, type OpenRoundAnswer } from '#libs/contracts';
import { asCommitId, toBase64 } from '#libs/encoding';
import { lockLog, RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { RosterService } from '../builders/roster.service.js';
import type { Config } from '../config.js';
import { OutboxService } from '../dispatch/outbox.service.js';
import { LogService } from '../log/log.service.js';
import { ReportService } from '../reports/report.service.js';
import { ProposalSourceService, type ReadProposal } from '../sources/proposal-source.service.js';
import { CONFIG, WITNESS_SET } from '../tokens.js';
import { witnessingOf } from '../witness/witnessing.js';
import type { WitnessSet } from '../witness/witness-set.js';
import { toInvited } from '../verdicts/to-invited.js';
import { experimentRelease } from './experiment-grounds.js';
import { releaseOf } from './release.js';
import { requireRoom } from './round-room.js';

/** Written into an experiment, where nobody has to agree with anybody: no verdict is given by it. */
const OF_NOBODY_ELSE = '1';

/** Opens rounds. */
@Injectable()
export class RoundOpenerService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    private readonly source: ProposalSourceService,
    private readonly roster: RosterService,
    private readonly log: LogService,
    private readonly outbox: OutboxService,
    private readonly reports: ReportService,
    @Inject(WITNESS_SET) private readonly witnesses: WitnessSet | null,
  ) {}

  /**
   * Answers a request for a round: opens one, or says at once what a proposal without a build means.
   * RoundOpen, its dispatches and the projection are one transaction.
   *
   * @throws ProblemError roster-unusable, unknown-builder, key-not-active, roster-changed,
   *   round-too-large, and of an experiment no-such-round, round-not-final, nothing-to-try;
   *   ConsensusError for a threshold that the invited operators cannot have
   */
  async open(
    request: OpenRound,
    { unlessHeld }: { readonly unlessHeld: boolean } = { unlessHeld: false },
  ): Promise<OpenRoundAnswer> {
    if (request.experiment !== undefined) return this.tryOut(request.experiment, request);
    if (request.proposal === undefined) {
      return this.openOn(asCommitId(request.commit ?? ''), null, request, unlessHeld);
    }
    const proposal = await this.source.read(request.proposal);
    switch (proposal.decision.kind) {
      case 'elects':
        return this.openOn(proposal.decision.commit, proposal, request, unlessHeld);
      case 'unelects-only':
        return {
          kind: 'nothing-to-build',
          report: await this.reports.ofProposal(proposal.id),
        };
      case 'deploys':
        return { kind: 'deployment', report: await this.reports.ofProposal(proposal.id) };
    }
  }

  /** Opens a round on a proposal unless one was opened before: two coordinators may both watch. */
  async openOnce(proposal: string): Promise<OpenRoundAnswer> {
    return this.open({ proposal }, { unlessHeld: true });
  }

  private async openOn(
    commit: string,
    proposal: ReadProposal | null,
    request: OpenRound,
    unlessHeld: boolean,
  ): Promise<OpenRoundAnswer> {
    const roster = await this.roster.invite(request.builders);
    const threshold = request.threshold ?? this.config.DEFAULT_THRESHOLD;
    votesNeeded(parseThreshold(threshold), roster.length);
    const now = new Date();
    const election = proposal?.decision.kind === 'elects' ? proposal.decision : null;
    const open: RoundOpen = {
      ...this.rulesOf(request, now),
      threshold,
      release: releaseOf(commit, election),
      proposal:
        proposal === null
          ? null
          : {
              id: proposal.id,
              nnsFunction: proposal.nnsFunction,
              payloadSha256: proposal.payloadSha256,
              evidenceSha256: proposal.evidenceSha256,
            },
      urls: [...(election?.urls ?? [])],
      roster: [...roster],
    };
    const round = await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const held =
        unlessHeld && proposal !== null
          ? await manager.findOneBy(RoundEntity, { proposalId: proposal.id })
          : null;
      if (held !== null) return held.id;
      await this.roster.requireCurrent(manager, request.builders, roster);
      return this.write(manager, open, now);
    });
    await this.log.publish();
    await this.outbox.flush();
    return { kind: 'opened', round };
  }

  /** Opens a round of one builder without a verdict: it is held against what it built before. */
  private async tryOut(experiment: Experiment, request: OpenRound): Promise<OpenRoundAnswer> {
    const invited = [experiment.builder];
    const roster = await this.roster.invite(invited);
    const now = new Date();
    const round = await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const release = await experimentRelease(manager, experiment);
      await this.roster.requireCurrent(manager, invited, roster);
      const rules = { ...this.rulesOf(request, now), threshold: OF_NOBODY_ELSE };
      const about = { release, proposal: null, urls: [], experiment };
      return this.write(manager, { ...rules, ...about, roster: [...roster] }, now);
    });
    await this.log.publish();
    await this.outbox.flush();
    return { kind: 'opened', round };
  }

  /** What every round has, whatever it is about. */
  private rulesOf(
    { deadlineSeconds = this.config.DEFAULT_DEADLINE_SECONDS, blind = true }: OpenRound,
    now: Date,
  ): Pick<RoundOpen, 'openedAt' | 'closesAt' | 'revealSeconds' | 'witnessing' | 'blind' | 'nonce'> {
    return {
      openedAt: now.toISOString(),
      closesAt: new Date(now.getTime() + deadlineSeconds * 1000).toISOString(),
      ...witnessingOf(this.config, this.witnesses),
      blind,
      nonce: toBase64(randomBytes(32)),
    };
  }

  private async write(manager: EntityManager, open: RoundOpen, now: Date): Promise<string> {
    const statement = roundOpenStatement(open);
    const roundOpen = this.log.sign(statement);
    requireRoom(open, { roundOpen }, this.config.LOG_ORIGIN);
    const id = roundIdOf(unverifiedPayload(roundOpen));
    const label = { kind: 'round-open', round: id, builder: null } as const;
    const { envelope, index } = await this.log.appendOwn(manager, statement, label, now);
    await manager.insert(RoundEntity, {
      id,
      release: open.release.name,
      proposalId: open.proposal?.id ?? null,
      open,
      phase: 'open',
      openedAt: now,
      dueAt: new Date(open.closesAt),
      openIndex: index,
    });
    for (const { operator, builders } of open.roster) {
      await manager.insert(
        RoundBuilderEntity,
        builders.map(({ builder }) => ({ round: id, builder, operator })),
      );
    }
    const message = { kind: SUBJECTS.buildRequested, round: id, body: { roundOpen: envelope } };
    await this.outbox.enqueueAll(manager, toInvited(open, message), now);
    return id;
  }
}
