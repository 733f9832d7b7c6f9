import { AttestationError, builderIdOf, publicKeyFromText } from '#libs/attestation';
import { checkRoster, type Roster } from '#libs/consensus';
import type { RosterFile } from '#libs/contracts';
import { toHex } from '#libs/encoding';
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
 * @throws CommandError usage; ConsensusError
 */
export function readRoster(file: RosterFile): ReadRoster {
  const keys = new Map<string, Uint8Array>();
  const listed: [operator: string, key: Uint8Array][] = [];
  const roster = file.operators.map(({ operator, publicKey: own, builders }) => {
    if (own !== undefined) listed.push([operator, keyOf(operator, own)]);
    return {
      operator,
      builders: builders.map((builder) => {
        const raw = keyOf(operator, builder.publicKey);
        listed.push([operator, raw]);
        const id = idOf(builder, raw);
        keys.set(id, raw);
        return id;
      }),
    };
  });
  checkRoster(roster);
  checkOnce(listed);
  return { roster, keys };
}

/** An operator's key in a builder's place would let whoever reaches the one sign as the other. */
function checkOnce(listed: readonly (readonly [operator: string, key: Uint8Array])[]): void {
  const seen = new Set<string>();
  for (const [operator, key] of listed) {
    if (seen.has(toHex(key))) {
      throw new CommandError(
        EXIT.usage,
        `the roster lists a key of operator ${operator} twice`,
        'every operator and every builder has a key of its own',
      );
    }
    seen.add(toHex(key));
  }
}

/** A builder's id is its first key's, so it is another than this key's where a record gave it this. */
function idOf(
  { builder, keyIndex }: RosterFile['operators'][number]['builders'][number],
  publicKey: Uint8Array,
): string {
  const derived = builderIdOf(publicKey);
  if (builder === undefined || builder === derived || keyIndex !== undefined) {
    return builder ?? derived;
  }
  throw new CommandError(
    EXIT.usage,
    `the roster lists builder ${builder} with the key of ${derived}`,
    "a builder's id is its key's principal: correct it or leave it out",
  );
}

function keyOf(operator: string, publicKey: string): Uint8Array {
  // It would work, and everyone who reads the roster could sign as this builder.
  if (publicKey.includes('PRIVATE KEY')) {
    throw new CommandError(
      EXIT.usage,
      `the roster gives away a private key of operator ${operator}`,
      'make a new key, and list its public half: `openssl pkey -in KEY -pubout`',
    );
  }
  try {
    return publicKeyFromText(publicKey);
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    throw new CommandError(
      EXIT.usage,
      `the roster lists operator ${operator} with a key that is ${cause.message}`,
      '`openssl pkey -in KEY -pubout` prints the public half of an Ed25519 key',
      { cause },
    );
  }
}
