import { newestKeys, type KeyHistory } from '#libs/attestation';
import { quote, toBase64, toHex } from '#libs/encoding';
import type { PolicyWitness, WitnessPolicy } from '#libs/tlog';

/** A witness of whose key the policy and the log's key records do not say the same. */
export interface WitnessKeyConflict {
  /** Its name in the policy. */
  readonly witness: string;
  readonly message: string;
}

/**
 * Holds the keys of a witness policy against those that operators enrolled. A witness of which no
 * record says anything is as good as the policy that lists it. What differs is told and never refused:
 * by whose word a log grows is its policy's to say, and a rotation may come before the new policy.
 */
export function witnessKeyConflicts(
  { witnesses }: WitnessPolicy,
  history: KeyHistory,
): readonly WitnessKeyConflict[] {
  return witnesses.flatMap((witness) => {
    const message = otherUse(witness, history) ?? otherKey(witness, history);
    return message === null ? [] : [{ witness: witness.name, message }];
  });
}

/** Where its key is enrolled, and not as the witness key of the builder that it is named after. */
function otherUse({ name, key }: PolicyWitness, { uses, lives }: KeyHistory): string | null {
  const enrolled = uses.get(toHex(key.publicKey));
  if (enrolled === undefined) return null;
  const { use, life } = enrolled;
  const owner = life === null ? undefined : lives.get(life)?.builder;
  if (use !== 'witness' || owner === undefined) {
    return `the key of witness ${quote(name)} is enrolled as ${use} key: a key is good for one use, so make another for the witness`;
  }
  if (owner === key.name) return null;
  return `the key of witness ${quote(name)} is named ${quote(key.name)} in the policy, and builder ${owner} enrolled it: name it after that builder`;
}

/** Where the builder that it is named after has enrolled another witness key. */
function otherKey({ name, key }: PolicyWitness, history: KeyHistory): string | null {
  const enrolled = newestKeys(history, key.name)?.keys.witness;
  const listed = toBase64(key.publicKey);
  if (enrolled === undefined || enrolled === listed) return null;
  return `witness ${quote(name)} is in the policy with key ${listed}, and builder ${key.name} enrolled ${enrolled}: put the newer one into the policy`;
}
