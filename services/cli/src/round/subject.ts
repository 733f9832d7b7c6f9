import { givesVerdict } from '#libs/attestation';
import { Report, RoundList, ROUTES } from '#libs/contracts';
import type { Api } from './api.js';
import { CommandError, EXIT } from '../exit.js';

/**
 * Reads the report that a user means: a round by its id (64 hex characters), a proposal by its
 * number, or a commit (40 hex characters) by its newest round.
 */
export async function reportOf(api: Api, subject: string): Promise<Report> {
  if (/^[0-9a-f]{64}$/.test(subject)) return api.get(`${ROUTES.rounds}/${subject}/report`, Report);
  if (/^\d{1,20}$/.test(subject)) return api.get(`${ROUTES.proposals}/${subject}/report`, Report);
  return api.get(`${ROUTES.rounds}/${await roundOf(api, subject)}/report`, Report);
}

/** Resolves a round id, an unambiguous beginning of one among the newest 100, or a commit. */
export async function roundOf(api: Api, subject: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(subject)) return subject;
  if (/^[0-9a-f]{40}$/.test(subject)) {
    const { rounds } = await api.get(`${ROUTES.rounds}?commit=${subject}&limit=100`, RoundList);
    // An experiment on a commit says nothing of it, nor does a calibration.
    const newest = rounds.find(givesVerdict);
    if (newest !== undefined) return newest.round;
    throw new CommandError(
      EXIT.usage,
      `no round was held on commit ${subject}`,
      `open one with \`round open --commit ${subject}\``,
    );
  }
  if (/^[0-9a-f]{6,63}$/.test(subject)) {
    const { rounds } = await api.get(`${ROUTES.rounds}?limit=100`, RoundList);
    const [found, ...others] = rounds.filter(({ round }) => round.startsWith(subject));
    if (found !== undefined && others.length === 0) return found.round;
  }
  throw new CommandError(
    EXIT.usage,
    `${JSON.stringify(subject)} names no round`,
    /^\d{1,20}$/.test(subject)
      ? `a proposal has its report in \`report ${subject}\`; \`round list\` has the ids of rounds`
      : 'give a round id, a commit of 40 hex characters, or see `round list`',
  );
}
