import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Registry } from 'prom-client';
import type { Signer } from '#libs/attestation';
import type { Governance } from '#libs/nns';
import { databaseOptions } from '#libs/persistence';
import { loggingModule } from '#libs/platform';
import { servingLimits } from './access/access-config.js';
import { accessRoom } from './access/access.wiring.js';
import { REGISTRY_CONTROLLERS, REGISTRY_PROVIDERS } from './builders/registry.wiring.js';
import { RosterService } from './builders/roster.service.js';
import type { Config } from './config.js';
import { DISPATCH_CONTROLLERS, DISPATCH_PROVIDERS } from './dispatch/dispatch.wiring.js';
import { OutboxService } from './dispatch/outbox.service.js';
import { ProgressController } from './dispatch/progress.controller.js';
import { ExplanationService } from './explanations/explanation.service.js';
import { ExplanationsController } from './explanations/explanations.controller.js';
import { GROUPS_CONTROLLERS, GROUPS_PROVIDERS } from './groups/groups.wiring.js';
import { HealthController } from './health.controller.js';
import { BatchWriterService } from './ingest/batch-writer.service.js';
import { IngestController } from './ingest/ingest.controller.js';
import { IngestService } from './ingest/ingest.service.js';
import { KeyBookService } from './keys/key-book.service.js';
import { KeyReaderService } from './keys/key-reader.service.js';
import { KeysController } from './keys/keys.controller.js';
import { KeysService } from './keys/keys.service.js';
import { ArchiveService } from './archive/archive.service.js';
import { LeasesService } from './leases/leases.service.js';
import { LogController } from './log/log.controller.js';
import { LogHalt } from './log/log-halt.js';
import { LogService } from './log/log.service.js';
import { METRICS_PROVIDERS } from './metrics/metrics.wiring.js';
import { BUILD_LOG_CONTROLLERS, BUILD_LOG_PROVIDERS } from './build-logs/build-logs.wiring.js';
import { LIVE_CONTROLLERS, LIVE_PROVIDERS } from './live/live.wiring.js';
import { DisconnectionsService } from './nats/disconnections.service.js';
import { DroppedMessages } from './nats/dropped-messages.js';
import type { NatsLink } from './nats/nats-link.js';
import { NOTIFY_CONTROLLERS, NOTIFY_PROVIDERS } from './notify/notify.wiring.js';
import { PAGES_CONTROLLERS, PAGES_PROVIDERS } from './pages/pages.wiring.js';
import { OPENAPI_CONTROLLERS, OPENAPI_PROVIDERS } from './openapi/openapi.wiring.js';
import { QUERIES_CONTROLLERS, QUERIES_PROVIDERS } from './queries/queries.wiring.js';
import { AttestationReaderService } from './reports/attestation-reader.service.js';
import { AttestationsController } from './reports/attestations.controller.js';
import { BundleController } from './reports/bundle.controller.js';
import { BundleService } from './reports/bundle.service.js';
import { LinksController } from './reports/links.controller.js';
import { PostController } from './reports/post.controller.js';
import { ProposalsController } from './reports/proposals.controller.js';
import { ReportService } from './reports/report.service.js';
import { RoundListService } from './reports/round-list.service.js';
import { EnvelopesController } from './restore/envelopes.controller.js';
import { InvitationsService } from './rounds/invitations.service.js';
import { RoundAmenderService } from './rounds/round-amender.service.js';
import { RoundCloserService } from './rounds/round-closer.service.js';
import { RoundOpenerService } from './rounds/round-opener.service.js';
import { RoundsController } from './rounds/rounds.controller.js';
import { VerifiedResultsService } from './rounds/verified-results.service.js';
import { Shutdown } from './shutdown.js';
import { ProposalSourceService } from './sources/proposal-source.service.js';
import { ProposalWatchService } from './sources/proposal-watch.service.js';
import {
  CONFIG,
  GOVERNANCE,
  NATS,
  NATS_ACCOUNTS,
  NATS_DURABILITY,
  OWN_WITNESS,
  REGISTRY,
  SIGNER,
  WITNESS_SET,
} from './tokens.js';
import { DeadlineService } from './verdicts/deadline.service.js';
import { RoundCloseService } from './verdicts/round-close.service.js';
import { RoundStepsService } from './verdicts/round-steps.service.js';
import { TrustController } from './trust/trust.controller.js';
import { OpenedEnvelopesService } from './verdicts/opened-envelopes.service.js';
import { VerdictAnswersController } from './verdicts/verdict-answers.controller.js';
import { VerdictAnswersService } from './verdicts/verdict-answers.service.js';
import { VerdictService } from './verdicts/verdict.service.js';
import { CloseEvidenceController } from './witness/close-evidence.controller.js';
import { CloseEvidenceResponder } from './witness/close-evidence.responder.js';
import { CloseEvidenceService } from './witness/close-evidence.service.js';
import { CosigningService } from './witness/cosigning.service.js';
import type { OwnWitness } from './witness/own-witness.js';
import type { WitnessSet } from './witness/witness-set.js';
import { WitnessController } from './witness/witness.controller.js';
import { WitnessKeysService } from './witness/witness-keys.service.js';
import { WitnessService } from './witness/witness.service.js';

/** What is made before Nest starts. */
export interface CoordinatorParts {
  readonly config: Config;
  readonly signer: Signer;
  readonly natsLink: NatsLink;
  readonly governance: Governance;
  readonly registry: Registry;
  readonly witnessSet: WitnessSet | null;
  readonly ownWitness: OwnWitness | null;
}

/** Wires the coordinator; folders stand in the order in which a proposal travels. */
@Module({})
export class CoordinatorModule {
  static forRoot(parts: CoordinatorParts): DynamicModule {
    const access = accessRoom(parts.config);
    const { config, signer, natsLink, governance, registry, witnessSet, ownWitness } = parts;
    return {
      module: CoordinatorModule,
      imports: [
        loggingModule(config.LOG_LEVEL, 'coordinator'),
        TypeOrmModule.forRoot(databaseOptions(config.DATABASE_URL, servingLimits(config))),
        ...access.imports,
      ],
      controllers: [
        RoundsController,
        ...REGISTRY_CONTROLLERS,
        ...QUERIES_CONTROLLERS,
        ProposalsController,
        AttestationsController,
        BundleController,
        LinksController,
        PostController,
        TrustController,
        ExplanationsController,
        LogController,
        ...LIVE_CONTROLLERS,
        ...BUILD_LOG_CONTROLLERS,
        EnvelopesController,
        WitnessController,
        CloseEvidenceController,
        KeysController,
        HealthController,
        ...OPENAPI_CONTROLLERS,
        IngestController,
        VerdictAnswersController,
        ProgressController,
        ...DISPATCH_CONTROLLERS,
        ...GROUPS_CONTROLLERS,
        ...access.controllers,
        // Last: it answers what nothing else does.
        ...NOTIFY_CONTROLLERS,
        ...PAGES_CONTROLLERS,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: SIGNER, useValue: signer },
        { provide: NATS, useValue: natsLink.nats },
        { provide: NATS_ACCOUNTS, useValue: natsLink.accounts },
        { provide: NATS_DURABILITY, useValue: natsLink.durability },
        { provide: GOVERNANCE, useValue: governance },
        { provide: REGISTRY, useValue: registry },
        { provide: WITNESS_SET, useValue: witnessSet },
        { provide: OWN_WITNESS, useValue: ownWitness },
        ProposalSourceService,
        ProposalWatchService,
        KeyBookService,
        KeysService,
        KeyReaderService,
        ...REGISTRY_PROVIDERS,
        RosterService,
        ...DISPATCH_PROVIDERS,
        ...GROUPS_PROVIDERS,
        RoundOpenerService,
        RoundAmenderService,
        RoundCloserService,
        InvitationsService,
        VerifiedResultsService,
        OutboxService,
        BatchWriterService,
        IngestService,
        LeasesService,
        ArchiveService,
        Shutdown,
        ...METRICS_PROVIDERS,
        DroppedMessages,
        DisconnectionsService,
        LogHalt,
        LogService,
        WitnessService,
        WitnessKeysService,
        CosigningService,
        CloseEvidenceService,
        CloseEvidenceResponder,
        RoundCloseService,
        VerdictService,
        RoundStepsService,
        OpenedEnvelopesService,
        VerdictAnswersService,
        DeadlineService,
        ExplanationService,
        ReportService,
        RoundListService,
        ...QUERIES_PROVIDERS,
        ...LIVE_PROVIDERS,
        ...BUILD_LOG_PROVIDERS,
        AttestationReaderService,
        BundleService,
        ...OPENAPI_PROVIDERS,
        ...access.providers,
        ...NOTIFY_PROVIDERS,
        ...PAGES_PROVIDERS,
      ],
    };
  }
}
