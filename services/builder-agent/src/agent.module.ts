import { Module, type DynamicModule } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Signer } from '#libs/attestation';
import type { VerifyCertificate } from '#libs/evidence';
import { loggingModule } from '#libs/platform';
import { LogQuestionsService } from './build-log/log-questions.service.js';
import { RebuildService } from './build/rebuild.service.js';
import type { Config } from './config.js';
import { KeptStoreService } from './explain/kept-store.service.js';
import { ManifestsService } from './explain/manifests.service.js';
import { QuestionsService } from './explain/questions.service.js';
import type { Coordinator } from './jobs/coordinator-identity.js';
import { BuildJobService } from './jobs/build-job.service.js';
import { DeclineService } from './jobs/decline.service.js';
import { JobRunnerService } from './jobs/job-runner.service.js';
import { JobStoreService } from './jobs/job-store.service.js';
import { METRICS_PROVIDERS } from './metrics/metrics.wiring.js';
import { JobsController } from './jobs/jobs.controller.js';
import { ProgressService } from './jobs/progress.service.js';
import { CancelService } from './presence/cancel.service.js';
import { DrainService } from './presence/drain.service.js';
import { HeartbeatService } from './presence/heartbeat.service.js';
import { MoodService } from './presence/mood.service.js';
import { EvidenceService } from './submit/evidence.service.js';
import { RevealService } from './submit/reveal.service.js';
import { SubmitService } from './submit/submit.service.js';
import {
  AGENT_DIGEST,
  BASE_ENVIRONMENT,
  CONFIG,
  COORDINATOR,
  NATS,
  SIGNER,
  VERIFY_CERTIFICATE,
  WITNESS_SIGNER,
} from './tokens.js';
import { VerdictService } from './verdict/verdict.service.js';
import { LogGrowthService } from './witness/log-growth.service.js';
import { LogStateService } from './witness/log-state.service.js';
import { WitnessService } from './witness/witness.service.js';

/** What is made before Nest starts. */
export interface AgentParts {
  readonly config: Config;
  readonly signer: Signer;
  /** Null for an agent that does not witness. */
  readonly witnessSigner: Signer | null;
  readonly coordinator: Coordinator;
  /** Under the root key of the network whose proposals are voted on. */
  readonly verifyCertificate: VerifyCertificate;
  readonly nats: NatsConnection;
  readonly mood: MoodService;
  readonly base: Readonly<NodeJS.ProcessEnv>;
  /** SHA-256 of the one file that the agent runs from; null for a checkout. */
  readonly agentDigest: string | null;
}

/** Wires the agent. */
@Module({})
export class AgentModule {
  static forRoot(parts: AgentParts): DynamicModule {
    const { config, signer, witnessSigner, coordinator, verifyCertificate } = parts;
    const { nats, mood, base, agentDigest } = parts;
    return {
      module: AgentModule,
      imports: [loggingModule(config.LOG_LEVEL, 'builder-agent', { builder: signer.id })],
      controllers: [JobsController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: SIGNER, useValue: signer },
        { provide: WITNESS_SIGNER, useValue: witnessSigner },
        { provide: COORDINATOR, useValue: coordinator },
        { provide: VERIFY_CERTIFICATE, useValue: verifyCertificate },
        { provide: NATS, useValue: nats },
        { provide: BASE_ENVIRONMENT, useValue: base },
        { provide: AGENT_DIGEST, useValue: agentDigest },
        JobStoreService,
        LogStateService,
        LogGrowthService,
        WitnessService,
        KeptStoreService,
        ManifestsService,
        QuestionsService,
        LogQuestionsService,
        { provide: MoodService, useValue: mood },
        DeclineService,
        BuildJobService,
        JobRunnerService,
        RebuildService,
        SubmitService,
        EvidenceService,
        RevealService,
        VerdictService,
        ProgressService,
        HeartbeatService,
        ...METRICS_PROVIDERS,
        DrainService,
        CancelService,
      ],
    };
  }
}
