import type { NatsConnection } from '@nats-io/transport-node';
import { onTestFinished } from 'vitest';
import type { Signer } from '#libs/attestation';
import { RebuildService } from '../build/rebuild.service.js';
import type { Config } from '../config.js';
import { KeptStoreService } from '../explain/kept-store.service.js';
import { ManifestsService } from '../explain/manifests.service.js';
import { MoodService } from '../presence/mood.service.js';
import { EvidenceService } from '../submit/evidence.service.js';
import { RevealService } from '../submit/reveal.service.js';
import { SubmitService } from '../submit/submit.service.js';
import { VerdictService } from '../verdict/verdict.service.js';
import { LogGrowthService } from '../witness/log-growth.service.js';
import { LogStateService } from '../witness/log-state.service.js';
import { BuildJobService } from './build-job.service.js';
import type { Coordinator } from './coordinator-identity.js';
import { DeclineService } from './decline.service.js';
import { JobRunnerService } from './job-runner.service.js';
import { JobStoreService } from './job-store.service.js';
import { JobsController } from './jobs.controller.js';
import { ProgressService } from './progress.service.js';

/** Everything of an agent that has to do with its jobs, wired as the agent wires it. */
export interface JobDesk {
  readonly jobs: JobStoreService;
  readonly mood: MoodService;
  readonly rebuilds: RebuildService;
  readonly runner: JobRunnerService;
  readonly submit: SubmitService;
  readonly state: LogStateService;
  readonly reveals: RevealService;
  readonly controller: JobsController;
  /** Ends what it does, and lets what is under way end. */
  stop(): Promise<void>;
}

/** Makes the parts of an agent around its jobs; they end with the test. Nothing is started. */
export function makeJobDesk(
  config: Config,
  signer: Signer,
  coordinator: Coordinator,
  nats: NatsConnection,
): JobDesk {
  const jobs = new JobStoreService(config);
  const mood = new MoodService(config);
  const progress = new ProgressService(nats, signer);
  const submit = new SubmitService(config, signer, coordinator, nats, jobs, progress);
  const manifests = new ManifestsService(config, jobs, new KeptStoreService(config), progress);
  const rebuilds = new RebuildService(config, {}, jobs, progress, manifests);
  const declines = new DeclineService(signer, jobs);
  const builds = new BuildJobService(
    ...([config, signer, {}, jobs, rebuilds, progress, declines, null] as const),
  );
  const runner = new JobRunnerService(
    ...([config, signer, coordinator, jobs, rebuilds, builds, submit, progress, mood] as const),
  );
  const state = new LogStateService(config, coordinator);
  const evidence = new EvidenceService(config, signer, nats);
  const reveals = new RevealService(
    ...([signer, coordinator, nats, jobs, state, evidence, submit, progress] as const),
  );
  const growth = new LogGrowthService(config, state);
  const noCertificates = (): Promise<never> =>
    Promise.reject(new Error('nothing is certified here'));
  const verdicts = new VerdictService(
    ...([config, signer, coordinator, noCertificates, jobs, submit, growth] as const),
  );
  const controller = new JobsController(
    ...([jobs, runner, submit, reveals, verdicts, declines, mood] as const),
    ...([config, signer, coordinator] as const),
  );
  const stop = async (): Promise<void> => {
    await runner.onApplicationShutdown();
    await reveals.onApplicationShutdown();
    await submit.onApplicationShutdown();
  };
  onTestFinished(stop);
  return { jobs, mood, rebuilds, runner, submit, state, reveals, controller, stop };
}
