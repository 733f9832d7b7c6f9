import { readFile } from 'node:fs/promises';
import { Id } from '#libs/attestation';
import { quote } from '#libs/encoding';
import { ConfigError } from '#libs/platform';
import {
  formatPolicy,
  parsePolicy,
  quorumNeeds,
  requireForkSafe,
  type PolicyWitness,
  type WitnessPolicy,
} from '#libs/tlog';
import type { Config } from '../config.js';

/** Checkpoints travel in messages of bounded size, with a line of each witness. */
const MAX_WITNESSES = 64;
const MAX_NAME_LENGTH = 200;

/** Who witnesses this log, and how many of them suffice. */
export interface WitnessSet {
  readonly policy: WitnessPolicy;
  /** The policy as it stands in every RoundOpen: in one spelling, without comments. */
  readonly text: string;
}

/**
 * Reads the witness policy that the configuration names; null where it names none.
 *
 * @throws ConfigError as {@link parseWitnessSet}, or when the file cannot be read
 */
export async function readWitnessSet(
  config: Pick<Config, 'LOG_ORIGIN' | 'WITNESS_POLICY_FILE'>,
  publicKey: Uint8Array,
): Promise<WitnessSet | null> {
  const { WITNESS_POLICY_FILE: file, LOG_ORIGIN: origin } = config;
  if (file === undefined) return null;
  try {
    return parseWitnessSet(await readFile(file), { origin, publicKey });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`WITNESS_POLICY_FILE ${quote(file)} is not usable: ${reason}`, { cause });
  }
}

/**
 * Reads a witness policy of this very log. One by which two forks could both find enough witnesses is
 * refused here, where somebody can mend it, and not by an auditor a year later.
 *
 * @throws ConfigError when the log's key is not listed, a witness cannot be asked, or none is
 * @throws TlogError when it is no policy, or its quorum can be reached with fewer than
 *   floor(2n / 3) + 1 of n witnesses
 */
export function parseWitnessSet(
  input: Uint8Array | string,
  log: { readonly origin: string; readonly publicKey: Uint8Array },
): WitnessSet {
  const policy = parsePolicy(input);
  const keys = policy.logs.map(({ key }) => key).filter(({ name }) => name === log.origin);
  if (!keys.some(({ publicKey }) => Buffer.from(publicKey).equals(log.publicKey))) {
    throw new ConfigError(
      `it has no log line with the key of this log, ${quote(log.origin)}: add the line "log VKEY" with the key that GET /v1/log/key tells`,
    );
  }
  if (policy.witnesses.length > MAX_WITNESSES) {
    throw new ConfigError(
      `${policy.witnesses.length} witnesses: at most ${MAX_WITNESSES} are asked`,
    );
  }
  for (const witness of policy.witnesses) checkAddress(witness);
  if (quorumNeeds(policy).of === 0) {
    throw new ConfigError(
      'its quorum names no witness: leave the variable unset where none is to be asked',
    );
  }
  // Builders and auditors hold the whole list against the same rule.
  requireForkSafe(policy);
  return { policy, text: formatPolicy(policy) };
}

/** Whether a witness is asked over HTTP; else it is a builder's agent, which is asked over NATS. */
export function witnessUrl({ name, key, url }: PolicyWitness): URL | null {
  if (url === undefined) return null;
  const parsed = URL.parse(url);
  if (parsed !== null && ['http:', 'https:'].includes(parsed.protocol)) return parsed;
  throw new ConfigError(`witness ${quote(name)} (${quote(key.name)}) has no http or https URL`);
}

function checkAddress(witness: PolicyWitness): void {
  const { name, key } = witness;
  if (key.name.length > MAX_NAME_LENGTH) {
    throw new ConfigError(
      `the key of witness ${quote(name)} has a name of ${key.name.length} characters: at most ${MAX_NAME_LENGTH} are taken`,
    );
  }
  if (witnessUrl(witness) !== null || Id.safeParse(key.name).success) return;
  throw new ConfigError(
    `witness ${quote(name)} has no URL, and its key's name ${quote(key.name)} is no builder's id: add its URL, or name the key after the builder`,
  );
}
