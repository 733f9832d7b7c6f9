import { say } from '../terminal.js';

/** An attestation that was not counted since it is bad evidence, and where it was found. */
export interface RefusedAttestation {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

/** Tells on stderr which attestations were refused and why, and what may mend it. */
export function tellRefused(refused: readonly RefusedAttestation[], isByRoster: boolean): void {
  for (const { file, line, code, message } of refused) {
    say(`${file}:${line}: refused: ${code}: ${message}`);
  }
  // A group's own roster has first keys, and never has to be changed for a rotation.
  if (isByRoster && refused.some(({ code }) => code === 'BAD_SIGNATURE')) {
    say(
      "where a builder's key was rotated, name a roster taken out of the round's RoundOpen: it has the key of that time",
    );
  }
}
