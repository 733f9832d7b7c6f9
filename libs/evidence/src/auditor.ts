import { parseThreshold, votesNeeded, ConsensusError, type Threshold } from '#libs/consensus';
import type { PolicyFile } from '#libs/contracts';
import { quote } from '#libs/encoding';
import {
  parsePolicy,
  parseVkey,
  requireForkSafe,
  TlogError,
  type PublicNoteKey,
  type WitnessPolicy,
} from '#libs/tlog';
import { EvidenceError } from './error.js';

/** A policy whose parts were read and fit together. */
export interface Auditor {
  readonly policy: PolicyFile;
  readonly logKeys: readonly PublicNoteKey[];
  /** With the keys of `log` where it names no log's key itself. */
  readonly witnesses: WitnessPolicy | null;
  readonly threshold: Threshold;
  /** How many operators have to agree. */
  readonly needed: number;
}

/**
 * Reads the parts of a policy file, and refuses one by which somebody would count twice, two digests
 * could both win, or what is shown to enough witnesses of two forks would not be weakly witnessed.
 *
 * @throws EvidenceError MALFORMED_POLICY
 */
export function readAuditor(policy: PolicyFile): Auditor {
  const { operators } = policy;
  refuseRepeats(
    'operator',
    operators.map(({ operator }) => operator),
  );
  refuseRepeats(
    'key',
    operators.flatMap(({ publicKey }) => publicKey ?? []),
  );
  refuseRepeats(
    'builder',
    operators.flatMap(({ builders }) => builders ?? []),
  );
  try {
    const threshold = parseThreshold(policy.threshold);
    const logKeys = policy.log.map((vkey) => parseVkey(vkey.trim()));
    return {
      ...{ policy, threshold, needed: votesNeeded(threshold, operators.length), logKeys },
      witnesses:
        policy.witnesses === undefined ? null : witnessesOf(policy.witnesses, policy, logKeys),
    };
  } catch (cause) {
    if (!(cause instanceof TlogError || cause instanceof ConsensusError)) throw cause;
    throw new EvidenceError('MALFORMED_POLICY', cause.message, { cause });
  }
}

function witnessesOf(
  text: string,
  { refuseWeaklyWitnessed }: PolicyFile,
  logKeys: readonly PublicNoteKey[],
): WitnessPolicy {
  const witnesses = readWitnesses(text);
  if (refuseWeaklyWitnessed === true) requireForkSafe(witnesses);
  return witnesses.logs.length > 0
    ? witnesses
    : { ...witnesses, logs: logKeys.map((key) => ({ key })) };
}

/** A policy within a policy: what is wrong on its lines is not to be looked for on those around it. */
function readWitnesses(text: string): WitnessPolicy {
  try {
    return parsePolicy(text);
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw new EvidenceError('MALFORMED_POLICY', `witnesses: ${cause.message}`, { cause });
  }
}

function refuseRepeats(what: string, values: readonly string[]): void {
  const repeated = values.find((value, at) => values.indexOf(value) !== at);
  if (repeated === undefined) return;
  throw new EvidenceError(
    'MALFORMED_POLICY',
    `${what} ${quote(repeated)} stands in the policy twice: it would count twice`,
  );
}
