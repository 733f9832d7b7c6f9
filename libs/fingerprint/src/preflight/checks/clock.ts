import { check, ok, unknown, warning } from '../machine-check.js';
import { asRoot, byHand } from '../steps.js';

const TOLERATED_MS = 60_000;

/** Whether the clock is right. */
export const clockChecks = [
  check('clock', {
    expected: 'within 60 s of the hosts that publish releases',
    hard: null,
    warns: 'further off',
    why: 'certificates, and with them what was proposed, are judged by the time',
    source: null,
    judge: ({ 'clock.skew': skewMs }) => {
      if (skewMs === null) {
        return unknown('not compared with any host', [
          byHand('"repro-quorum builder doctor --online" asks the hosts that publish releases'),
        ]);
      }
      const seconds = Math.round(Math.abs(skewMs) / 1000);
      const found = `${String(seconds)} s ${skewMs < 0 ? 'behind' : 'ahead'}`;
      if (Math.abs(skewMs) <= TOLERATED_MS) return ok(seconds === 0 ? 'right' : found);
      return warning(
        found,
        asRoot('have the clock set by the network', 'timedatectl', 'set-ntp', 'true'),
      );
    },
  }),
] as const;
