import { z } from 'zod';
import type { ArtifactReport } from '../report/verdict.js';

/** What a badge says. Source: https://shields.io/badges/endpoint-badge */
export const ShieldsBadge = z.object({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z.string(),
  color: z.string(),
});
export type ShieldsBadge = z.infer<typeof ShieldsBadge>;

/** How a round stands, as far as a badge tells. */
export interface BadgeFacts {
  readonly phase: 'open' | 'revealing' | 'final';
  /** How many operators were asked. */
  readonly asked: number;
  /** Once it is final; none in a round that gives no verdict. */
  readonly artifacts: readonly Pick<
    ArtifactReport,
    'elected' | 'verdict' | 'clusters' | 'needed'
  >[];
}

/** The worst of several is told. */
const WORST_FIRST = [
  'contradicted',
  'split',
  'source-unavailable',
  'insufficient',
  'pending',
  'agreed',
  'reproduced',
] as const;

/**
 * Says a round's verdict on what its proposal elects in a few words, and numbers: nothing that anybody
 * else has written is in them. Null stands for what is not known, or has no round.
 */
export function badgeOf(facts: BadgeFacts | null): ShieldsBadge {
  const [message, color] = facts === null ? ['no round', 'lightgrey'] : wordsOf(facts);
  return { schemaVersion: 1, label: 'IC-OS build', message, color };
}

function wordsOf({ phase, asked, artifacts }: BadgeFacts): readonly [string, string] {
  if (phase === 'open') return ['building', 'blue'];
  if (phase === 'revealing') return ['revealing', 'blue'];
  const elected = artifacts.filter((artifact) => artifact.elected);
  const main = elected.length > 0 ? elected : artifacts;
  const verdict = WORST_FIRST.find((word) => main.some((each) => each.verdict === word));
  const worst = main.find((each) => each.verdict === verdict);
  const sizes = (worst?.clusters ?? []).map(({ operators }) => operators.length);
  const agreeing = Math.min(
    ...main
      .filter((each) => each.verdict === verdict)
      .map(({ clusters: [first] }) => first?.operators.length ?? 0),
  );
  switch (verdict) {
    case 'contradicted':
      return [`contradicted by ${agreeing} of ${asked}`, 'red'];
    case 'split':
      return [`split ${sizes.slice(0, 6).join('-')}`, 'orange'];
    case 'source-unavailable':
      return ['source not available', 'lightgrey'];
    case 'insufficient':
    case 'pending':
      return ['undecided', 'yellow'];
    case 'agreed':
      return [`agreed by ${agreeing} of ${asked}`, 'green'];
    case 'reproduced':
      return [`reproduced by ${agreeing} of ${asked}`, 'brightgreen'];
    case undefined:
      return ['no verdict', 'lightgrey'];
  }
}
