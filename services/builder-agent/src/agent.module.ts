import { Module, type DynamicModule } from '@nestjs/common';
import { ClientsModule, Transport } from '@nestjs/microservices';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Signer } from '#libs/attestation';
import { loggingModule } from '#libs/platform';
import { RebuildService } from './build/rebuild.service.js';
import type { Config } from './config.js';
import { KeptStoreService } from './explain/kept-store.service.js';
import { ManifestsService } from './explain/manifests.service.js';
import { QuestionsService } from './explain/questions.service.js';
import type { Coordinator } from './jobs/coordinator-identity.js';
import { JobRunnerService } from './jobs/job-runner.service.js';
import { JobStoreService } from './jobs/job-store.service.js';
import { JobsController } from './jobs/jobs.controller.js';
import { ProgressService } from './jobs/progress.service.js';
import { EvidenceService } from './submit/evidence.service.js';
import { RevealService } from './submit/reveal.service.js';
import { SubmitService } from './submit/submit.service.js';
import {
  AGENT_DIGEST,
  BASE_ENVIRONMENT,
  CONFIG,
  COORDINATOR,
  NATS,
  PROGRESS_CLIENT,
  SIGNER,
  WITNESS_SIGNER,
} from './tokens.js';
import { VerdictService } from './verdict/verdict.service.js';
import { LogStateService } from './witness/log-state.service.js';
import { WitnessService } from './witness/witness.service.js';

/** What is made before Nest starts. */
export interface AgentParts {
  readonly config: Config;
  readonly signer: Signer;
  /** Null for an agent that does not witness. */
  readonly witnessSigner: Signer | null;
  readonly coordinator: Coordinator;
  readonly nats: NatsConnection;
  readonly base: Readonly<NodeJS.ProcessEnv>;
  /** SHA-256 of the one file that the agent runs from; null for a checkout. */
  readonly agentDigest: string | null;
}

/** Wires the agent. */
@Module({})
export class AgentModule {
  static forRoot(parts: AgentParts): DynamicModule {
    const { config, signer, witnessSigner, coordinator, nats, base, agentDigest } = parts;
    return {
      module: AgentModule,
      imports: [
        loggingModule(config.LOG_LEVEL, 'builder-agent'),
        ClientsModule.register([
          {
            name: PROGRESS_CLIENT,
            transport: Transport.NATS,
            options: { servers: config.NATS_URL, maxReconnectAttempts: -1 },
          },
        ]),
      ],
      controllers: [JobsController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: SIGNER, useValue: signer },
        { provide: WITNESS_SIGNER, useValue: witnessSigner },
        { provide: COORDINATOR, useValue: coordinator },
        { provide: NATS, useValue: nats },
        { provide: BASE_ENVIRONMENT, useValue: base },
        { provide: AGENT_DIGEST, useValue: agentDigest },
        JobStoreService,
        LogStateService,
        WitnessService,
        KeptStoreService,
        ManifestsService,
        QuestionsService,
        JobRunnerService,
        RebuildService,
        SubmitService,
        EvidenceService,
        RevealService,
        VerdictService,
        ProgressService,
      ],
    };
  }
}
