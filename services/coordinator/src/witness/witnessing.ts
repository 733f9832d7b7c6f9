import type { RoundOpen } from '#libs/attestation';
import { ConfigError } from '#libs/platform';
import type { Config } from '../config.js';
import type { WitnessSet } from './witness-set.js';

/** The longest that a round may wait for reveals. */
const MAX_REVEAL_SECONDS = 7 * 86_400;

/**
 * What a new round says of its witnesses, and how long it waits for reveals. Builders that wait for
 * sleeping witnesses show nothing before the fallback time, so that is when the wait for them begins.
 */
export function witnessingOf(
  config: Pick<Config, 'REVEAL_SECONDS' | 'WITNESS_FALLBACK_SECONDS'>,
  set: WitnessSet | null,
): Pick<RoundOpen, 'revealSeconds' | 'witnessing'> {
  const { REVEAL_SECONDS: revealSeconds, WITNESS_FALLBACK_SECONDS: fallbackSeconds } = config;
  if (set === null) return { revealSeconds };
  return {
    revealSeconds: fallbackSeconds + revealSeconds,
    witnessing: { policy: set.text, fallbackSeconds },
  };
}

/** @throws ConfigError when rounds would wait longer for reveals than any may */
export function checkWitnessing(
  config: Pick<Config, 'REVEAL_SECONDS' | 'WITNESS_FALLBACK_SECONDS'>,
  set: WitnessSet | null,
): void {
  const { revealSeconds } = witnessingOf(config, set);
  if (revealSeconds <= MAX_REVEAL_SECONDS) return;
  throw new ConfigError(
    `WITNESS_FALLBACK_SECONDS and REVEAL_SECONDS are ${revealSeconds} s together: at most ${MAX_REVEAL_SECONDS} are possible`,
  );
}
