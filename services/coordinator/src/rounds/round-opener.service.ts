import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Experiment, RoundOpen } from '#libs/attestation';
import { parseThreshold, votesNeeded } from '#libs/consensus';
import type { OpenRound, OpenRoundAnswer } from '#libs/contracts';
import { asCommitId } from '#libs/encoding';
import { lockLog, RoundEntity } from '#libs/persistence';
import { RosterService } from '../builders/roster.service.js';
import type { Config } from '../config.js';
import { OutboxService } from '../dispatch/outbox.service.js';
import { LogService } from '../log/log.service.js';
import { ReportService } from '../reports/report.service.js';
import { ProposalSourceService, type ReadProposal } from '../sources/proposal-source.service.js';
import { CONFIG } from '../tokens.js';
import { experimentRelease } from './experiment-grounds.js';
import { releaseOf } from './release.js';
import { RoundChooserService } from './round-chooser.service.js';
import { RoundRulesService } from './round-rules.service.js';
import { invitedBuilders } from './round-store.js';
import { RoundWriterService } from './round-writer.service.js';

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
    private readonly chooser: RoundChooserService,
    private readonly rules: RoundRulesService,
    private readonly writer: RoundWriterService,
  ) {}

  /**
   * Answers a request for a round: opens one, or says at once what a proposal without a build means.
   * RoundOpen, its dispatches and the projection are one transaction.
   *
   * @throws ProblemError roster-unusable, unknown-builder, key-not-active, roster-changed,
   *   no-such-group, ask-unmet, round-too-large, and of an experiment no-such-round, round-not-final, nothing-to-try;
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
    const now = new Date();
    const rules = this.rules.of(request, now);
    const { roster, chosen, groups } = await this.chooser.invite(request, rules);
    const threshold = request.threshold ?? this.config.DEFAULT_THRESHOLD;
    votesNeeded(parseThreshold(threshold), roster.length);
    const election = proposal?.decision.kind === 'elects' ? proposal.decision : null;
    const open: RoundOpen = {
      ...rules,
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
      ...(groups !== null && { groups: [...groups] }),
    };
    const round = await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const held =
        unlessHeld && proposal !== null
          ? await manager.findOneBy(RoundEntity, { proposalId: proposal.id })
          : null;
      if (held !== null) return held.id;
      const isPicked = chosen !== null || groups !== null;
      const named = isPicked ? invitedBuilders(open) : request.builders;
      await this.roster.requireCurrent(manager, named, roster);
      const id = await this.writer.write(manager, open, now);
      if (chosen !== null) await this.chooser.keep(manager, id, chosen, now);
      return id;
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
      const rules = { ...this.rules.of(request, now), threshold: OF_NOBODY_ELSE };
      const about = { release, proposal: null, urls: [], experiment };
      return this.writer.write(manager, { ...rules, ...about, roster: [...roster] }, now);
    });
    await this.log.publish();
    await this.outbox.flush();
    return { kind: 'opened', round };
  }
}
