import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { Id, Sha256Text } from '#libs/attestation';
import { FLAGS, VERDICTS } from '#libs/consensus';
import {
  ArtifactListQuery,
  askText,
  AttestationListQuery,
  BuilderHistoryQuery,
  EnvironmentsQuery,
  OperatorListQuery,
  ProposalListQuery,
  ReleaseListQuery,
  type Agreement,
  type ArtifactList,
  type AttestationList,
  type BuilderHistory,
  type CoordinatorPolicies,
  type OperatorList,
  type ProposalList,
  type ReleaseList,
  type RoundEnvironments,
} from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import type { Config } from '../config.js';
import { CONFIG, WITNESS_SET } from '../tokens.js';
import { witnessingOf } from '../witness/witnessing.js';
import type { WitnessSet } from '../witness/witness-set.js';
import { EnvironmentsService } from './environments.service.js';
import { EvidencePagesService } from './evidence-pages.service.js';
import { PartyPagesService } from './party-pages.service.js';
import { RoundPagesService } from './round-pages.service.js';

/** What auditors and communities ask: lists, look-ups, and what follows of many rounds. */
@Controller()
export class QueriesController {
  constructor(
    private readonly rounds: RoundPagesService,
    private readonly evidence: EvidencePagesService,
    private readonly parties: PartyPagesService,
    private readonly environments: EnvironmentsService,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(WITNESS_SET) private readonly witnesses: WitnessSet | null,
  ) {}

  /** Proposals that were asked for here, the highest id first. */
  @Get('v1/proposals')
  proposals(
    @Query(new ZodPipe(ProposalListQuery)) query: ProposalListQuery,
  ): Promise<ProposalList> {
    return this.rounds.proposals(query);
  }

  /** Releases, the one with the newest round first. */
  @Get('v1/releases')
  releases(@Query(new ZodPipe(ReleaseListQuery)) query: ReleaseListQuery): Promise<ReleaseList> {
    return this.rounds.releases(query);
  }

  /** Who built which digest in which decided round, the newest verdict first. */
  @Get('v1/artifacts')
  artifacts(
    @Query(new ZodPipe(ArtifactListQuery)) query: ArtifactListQuery,
  ): Promise<ArtifactList> {
    return this.evidence.artifacts(query);
  }

  /** Entries of the log, the newest first. */
  @Get('v1/attestations')
  attestations(
    @Query(new ZodPipe(AttestationListQuery)) query: AttestationListQuery,
  ): Promise<AttestationList> {
    return this.evidence.attestations(query);
  }

  /** Operators by name, as rosters have them. */
  @Get('v1/operators')
  operators(
    @Query(new ZodPipe(OperatorListQuery)) query: OperatorListQuery,
  ): Promise<OperatorList> {
    return this.parties.operators(query);
  }

  /** The rounds that a builder was invited to, newest first. */
  @Get('v1/builders/:builder/rounds')
  history(
    @Param('builder', new ZodPipe(Id)) builder: string,
    @Query(new ZodPipe(BuilderHistoryQuery)) query: BuilderHistoryQuery,
  ): Promise<BuilderHistory> {
    return this.parties.history(builder, query);
  }

  /** How often a builder got what enough operators agreed on. */
  @Get('v1/builders/:builder/agreement')
  agreement(@Param('builder', new ZodPipe(Id)) builder: string): Promise<Agreement> {
    return this.parties.agreement(builder);
  }

  /** The machines of a round by their facts. */
  @Get('v1/rounds/:round/environments')
  environmentsOf(
    @Param('round', new ZodPipe(Sha256Text)) round: string,
    @Query(new ZodPipe(EnvironmentsQuery)) { only }: EnvironmentsQuery,
  ): Promise<RoundEnvironments> {
    return this.environments.ofRound(round, only === 'differences');
  }

  /** What rounds are opened and decided by here, where a request says nothing else. */
  @Get('v1/policies')
  policies(): CoordinatorPolicies {
    const { revealSeconds, witnessing } = witnessingOf(this.config, this.witnesses);
    const { DEFAULT_THRESHOLD, DEFAULT_DEADLINE_SECONDS, DEFAULT_ASK } = this.config;
    return {
      ...{ threshold: DEFAULT_THRESHOLD, deadlineSeconds: DEFAULT_DEADLINE_SECONDS },
      ...{ revealSeconds, blind: true, witnessing: witnessing ?? null },
      ask: DEFAULT_ASK === undefined ? null : askText(DEFAULT_ASK),
      ...{ verdicts: [...VERDICTS], flags: [...FLAGS] },
    };
  }
}
