import type { Purpose } from '#libs/attestation';
import { plain } from './plain.js';
import type { ArtifactReport } from './verdict.js';

// Maps, because an artifact may be called `constructor`.
const TITLES: ReadonlyMap<string, string> = new Map([
  ['guestos/update-img', 'GuestOS'],
  ['guestos-recovery/update-img', 'recovery GuestOS'],
  ['hostos/update-img', 'HostOS'],
  ['setupos/disk-img', 'SetupOS'],
  ['guestos/launch-measurements', 'GuestOS launch measurements'],
]);

/** What people call an artifact; an unknown one by its own name. */
export function titleOf(name: string): string {
  return TITLES.get(name) ?? name;
}

const SHORT_TITLES: ReadonlyMap<string, string> = new Map([
  ['guestos-recovery/update-img', 'recovery'],
  ['guestos/launch-measurements', 'measurements'],
]);

/** A title that fits a narrow column. */
export function shortTitleOf(name: string): string {
  return plain(SHORT_TITLES.get(name) ?? titleOf(name), 13);
}

/** Digests are shown by their first 12 characters; JSON has them whole. */
export function shortDigest(digest: string | null): string {
  return digest === null ? 'unknown' : digest.slice(0, 12);
}

/**
 * Says one artifact's verdict as the middle of a sentence. `asked` is the number of operators that
 * were invited: shares are told of those, never of those who answered.
 */
export function describe(artifact: ArtifactReport, asked: number): string {
  const [first] = artifact.clusters;
  const votes = artifact.clusters.reduce((sum, { operators }) => sum + operators.length, 0);
  const sizes = artifact.clusters.map(({ operators }) => operators.length).join('-');
  const agreeing = first?.operators.length ?? 0;
  switch (artifact.verdict) {
    case 'reproduced':
      return `reproduced by ${agreeing} of ${asked}`;
    case 'contradicted':
      return `contradicted: ${agreeing} of ${asked} built ${shortDigest(first?.digest ?? null)}, expected was ${shortDigest(artifact.expected)}`;
    case 'agreed':
      return `agreed by ${agreeing} of ${asked}, with nothing published to compare`;
    case 'split':
      return `split ${sizes}: no ${artifact.needed} operators agree`;
    case 'insufficient':
      return `undecided: ${votes} valid ${votes === 1 ? 'vote' : 'votes'}, ${artifact.needed} are needed`;
    case 'source-unavailable':
      return `not verifiable now: the source is not available`;
    case 'pending':
      return `pending: ${Math.max(artifact.needed - agreeing, 0)} more agreeing needed`;
  }
}

/** What a round is that gives no verdict. */
export function trialOf({ experiment }: Purpose): string {
  return experiment === undefined ? 'a calibration' : 'an experiment';
}
