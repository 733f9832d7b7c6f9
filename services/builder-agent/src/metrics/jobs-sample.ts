import type { Sample } from '#libs/platform';
import { nextStep, type Job, type NextStep } from '../jobs/job.js';
import type { JobRunnerService } from '../jobs/job-runner.service.js';
import type { JobStoreService } from '../jobs/job-store.service.js';
import type { MoodService } from '../presence/mood.service.js';
import type { AgentMeters } from './agent-meters.js';

const STEPS: Readonly<Record<Exclude<NextStep, 'done'>, true>> = {
  build: true,
  decline: true,
  commit: true,
  'await-close': true,
  'await-witnesses': true,
  reveal: true,
};
/** What waits for a receipt. */
const SENT: ReadonlySet<NextStep> = new Set(['commit', 'decline', 'reveal']);
const MOODS = ['ready', 'paused', 'draining'];

/** What the agent has to do, and what of it has been on its way for how long. */
export function jobsSample(
  parts: {
    readonly runner: JobRunnerService;
    readonly jobs: JobStoreService;
    readonly mood: MoodService;
    readonly slots: number;
  },
  meters: AgentMeters,
): Sample {
  /** When each message without a receipt was first seen to be one. */
  const unsent = new Map<string, number>();
  return {
    name: 'jobs',
    take: async () => {
      const { running, queued } = await parts.runner.workload();
      meters.gauge('quorum_agent_slots').set(parts.slots);
      meters.gauge('quorum_agent_slots_busy').set(running.length);
      meters.gauge('quorum_agent_queue_depth').set(queued);
      const mood = await parts.mood.mood();
      for (const each of MOODS) {
        meters.gauge('quorum_agent_mood').set({ mood: each }, each === mood ? 1 : 0);
      }
      const pending = await parts.jobs.pending();
      for (const step of Object.keys(STEPS)) {
        const count = pending.filter((job) => nextStep(job) === step).length;
        meters.gauge('quorum_agent_jobs').set({ step }, count);
      }
      const owed = pending.filter((job) => parts.runner.isOwed(job));
      meters
        .gauge('quorum_agent_outbox_oldest_age_seconds')
        .set(oldestSeconds(unsent, owed, performance.now()));
    },
  };
}

function oldestSeconds(
  unsent: Map<string, number>,
  pending: readonly Job[],
  nowMs: number,
): number {
  const names = pending.flatMap((job) => {
    const step = nextStep(job);
    return SENT.has(step) ? [`${job.round}/${step}`] : [];
  });
  for (const known of unsent.keys()) if (!names.includes(known)) unsent.delete(known);
  for (const name of names) if (!unsent.has(name)) unsent.set(name, nowMs);
  return names.length === 0 ? 0 : (nowMs - Math.min(...unsent.values())) / 1000;
}
