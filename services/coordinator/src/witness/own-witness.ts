import type { Signer } from '#libs/attestation';
import { quote } from '#libs/encoding';
import { ConfigError } from '#libs/platform';
import { ed25519Verifier, parseVkey, type KnownLogs, type NoteVerifier } from '#libs/tlog';
import type { Config } from '../config.js';
import { readKeyOf } from '../key-file.js';

/** As whose witness this coordinator serves, and under which name. */
export interface OwnWitness {
  /** Of its signature lines: below the log's origin, and never the origin itself. */
  readonly name: string;
  readonly signer: Signer;
  readonly logs: KnownLogs;
}

type OwnWitnessConfig = Pick<
  Config,
  'LOG_ORIGIN' | 'WITNESS_KEY_FILE' | 'WITNESSED_LOGS' | 'KEY_PASSPHRASE_FILE'
>;

/**
 * Reads key and logs of the witness that this coordinator is to others; null where it is none.
 *
 * @throws ConfigError when only one of the two is there, the key's file is not usable, a log's key is
 *   none, or the key is the one that signs this log: its word for another log would be taken for a witness's word for its own
 */
export async function readOwnWitness(
  config: OwnWitnessConfig,
  coordinator: Signer,
): Promise<OwnWitness | null> {
  const { LOG_ORIGIN: origin, WITNESS_KEY_FILE: file, WITNESSED_LOGS: vkeys } = config;
  if (file === undefined && vkeys === undefined) return null;
  if (file === undefined || vkeys === undefined) {
    throw new ConfigError('WITNESS_KEY_FILE and WITNESSED_LOGS belong together: set both or none');
  }
  try {
    const signer = await readKeyOf(file, config.KEY_PASSPHRASE_FILE);
    if (signer.keyId === coordinator.keyId) {
      throw new ConfigError('it is the key of SIGNING_KEY_FILE: a witness needs one of its own');
    }
    return { name: `${origin}/witness`, signer, logs: knownLogs(vkeys, origin) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      `WITNESS_KEY_FILE ${quote(file)} and WITNESSED_LOGS are not usable: ${reason}`,
      { cause },
    );
  }
}

function knownLogs(vkeys: string, own: string): KnownLogs {
  const logs = new Map<string, NoteVerifier[]>();
  for (const vkey of vkeys.split(/\s+/).filter((text) => text !== '')) {
    const { name, publicKey } = parseVkey(vkey);
    if (name === own) throw new ConfigError('nobody is a witness of their own log');
    logs.set(name, [...(logs.get(name) ?? []), ed25519Verifier(name, publicKey)]);
  }
  return logs;
}
