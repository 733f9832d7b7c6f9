import type { Candidate, CandidateFacts } from './candidate.js';

const GIB = 1024 ** 3;

/** A sound machine on bare metal. */
export const MACHINE: CandidateFacts = {
  ...{ ramBytes: 32 * GIB, diskBytes: 500 * GIB, eras: ['2025-11'], virtualisation: 'none' },
  ...{ isWsl: false, engine: 'podman', isolation: 'own-user', exclusiveHours: null },
};

/** A builder of an operator of the same name that is there, and was never invited. */
export function candidate(
  builder: string,
  {
    facts = {},
    ...over
  }: Partial<Omit<Candidate, 'facts'>> & { facts?: Partial<CandidateFacts> } = {},
): Candidate {
  return {
    ...{ builder, operator: builder, tags: [], calibration: 'none', lastInvitedAt: null },
    ...{ presence: 'here', isBusy: false, facts: { ...MACHINE, ...facts } },
    ...over,
  };
}

/** A day in UTC. */
export const NOON = { at: Date.UTC(2026, 0, 1, 12), until: Date.UTC(2026, 0, 2, 12), seed: 'seed' };
