import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { ROUTES } from '#libs/contracts';
import type { Subject } from './answer-versions.js';

const Round = z.object({ round: Sha256Text });

/** Routes whose answers are kept, and what those are made of. Whatever a token decides is none of them. */
const KEPT: Readonly<Record<string, Subject['kind']>> = {
  [`/${ROUTES.rounds}/:round/report`]: 'round',
  [`/${ROUTES.rounds}/:round/report.md`]: 'round',
  [`/${ROUTES.rounds}/:round/explanation`]: 'round',
  [`/${ROUTES.rounds}/:round/attestations`]: 'round',
  [`/${ROUTES.rounds}/:round/joint`]: 'round',
  [`/${ROUTES.rounds}/:round/links`]: 'round',
  [`/${ROUTES.rounds}`]: 'database',
  [`/${ROUTES.proposals}`]: 'database',
  '/v1/releases': 'database',
  '/v1/artifacts': 'database',
  [`/${ROUTES.attestations}`]: 'database',
  '/v1/operators': 'database',
  [`/${ROUTES.builders}/:builder/rounds`]: 'database',
  [`/${ROUTES.builders}/:builder/agreement`]: 'database',
  [`/${ROUTES.attestations}/:sha256`]: 'log',
  [`/${ROUTES.log}/checkpoint`]: 'log',
  [`/${ROUTES.log}/key`]: 'constant',
  [`/${ROUTES.log}/tile/*`]: 'constant',
};

/** Says what the answer to a GET is made of; null for one that is made anew each time. */
export function answerSubject(route: string | undefined, params: unknown): Subject | null {
  const kind = route === undefined ? undefined : KEPT[route];
  if (kind === undefined) return null;
  if (kind !== 'round') return { kind };
  const asked = Round.safeParse(params);
  return asked.success ? { kind, round: asked.data.round } : null;
}
