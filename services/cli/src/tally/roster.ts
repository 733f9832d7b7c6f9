import { builderIdOf, publicKeyFromText } from '#libs/attestation';
import { checkRoster, type Roster } from '#libs/consensus';
import type { RosterFile } from '#libs/contracts';
import { CommandError, EXIT } from '../exit.js';

/** A roster file with its keys read. */
export interface ReadRoster {
  readonly roster: Roster;
  /** Raw public key by builder id. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads the keys of a roster file and refuses one in which a builder has another's id, or somebody
 * would count twice.
 *
 * @throws CommandError usage; ConsensusError, AttestationError
 */
export function readRoster(file: RosterFile): ReadRoster {
  const keys = new Map<string, Uint8Array>();
  const roster = file.operators.map(({ operator, builders }) => ({
    operator,
    builders: builders.map(({ builder, publicKey }) => {
      const raw = publicKeyFromText(publicKey);
      const derived = builderIdOf(raw);
      if (builder !== undefined && builder !== derived) {
        throw new CommandError(
          EXIT.usage,
          `the roster lists builder ${builder} with the key of ${derived}`,
        );
      }
      keys.set(derived, raw);
      return derived;
    }),
  }));
  checkRoster(roster);
  return { roster, keys };
}
