import { quote, toHex } from '#libs/encoding';
import { cosignerKeyId } from './cosignature.js';
import { TlogError } from './error.js';
import { noteKeyId } from './note-key.js';
import type { PublicNoteKey } from './note-key.js';

/** Logs, witnesses and groups in one policy, at most this many of each. */
export const MAX_POLICY_ITEMS = 100;

/** The quorum that asks for no cosignature. No witness or group can be named so. */
export const NO_QUORUM = 'none';

/** A log whose checkpoints are accepted. Its key's name is its origin. */
export interface PolicyLog {
  /** Of type 0x01. */
  readonly key: PublicNoteKey;
  /** Opaque: not read, not fetched. */
  readonly url?: string;
}

/** A witness, with the name that the policy's groups call it by. */
export interface PolicyWitness {
  readonly name: string;
  /** Of type 0x04. Its name is the one in signature lines. */
  readonly key: PublicNoteKey;
  /** Opaque: not read, not fetched. */
  readonly url?: string;
}

/** A group that vouches when `threshold` of its members do, each a witness or an earlier group. */
export interface PolicyGroup {
  readonly name: string;
  /** From 1 to the number of members. */
  readonly threshold: number;
  readonly members: readonly string[];
}

/**
 * Whose checkpoints are accepted, and which witnesses have to vouch for them. No public key stands
 * in it twice, no name twice, and no name is a member of more than one group.
 *
 * Source: C2SP tlog-policy
 */
export interface WitnessPolicy {
  /** Empty when the log is known from elsewhere. */
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** Name of a witness or a group, or {@link NO_QUORUM}. */
  readonly quorum: string;
}

/** A policy that grows line by line; each step throws MALFORMED_POLICY when it breaks a rule. */
export class PolicyDraft {
  readonly #logs: PolicyLog[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #groups: PolicyGroup[] = [];
  readonly #names = new Set<string>();
  readonly #members = new Set<string>();
  readonly #publicKeys = new Set<string>();
  #quorum: string | undefined;

  addLog(log: PolicyLog): void {
    this.#takeKey(log.key, noteKeyId(log.key.name, log.key.publicKey));
    checkUrl(log.url);
    append(this.#logs, log, 'logs');
  }

  addWitness(witness: PolicyWitness): void {
    this.#takeName(witness.name);
    this.#takeKey(witness.key, cosignerKeyId(witness.key.name, witness.key.publicKey));
    checkUrl(witness.url);
    append(this.#witnesses, witness, 'witnesses');
  }

  addGroup(group: PolicyGroup): void {
    const { name, threshold, members } = group;
    for (const member of members) {
      // Also what keeps groups from going round in circles: only earlier names can be members.
      if (!this.#names.has(member)) throw malformed(`${quote(member)} is not defined above`);
      // A name in two groups would let one witness speak in two ways.
      if (this.#members.has(member)) throw malformed(`${quote(member)} is a member twice`);
      this.#members.add(member);
    }
    this.#takeName(name);
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > members.length) {
      throw malformed(
        `threshold of group ${quote(name)} is ${threshold}, expected 1 to ${members.length}`,
      );
    }
    append(this.#groups, group, 'groups');
  }

  setQuorum(name: string): void {
    if (this.#quorum !== undefined)
      throw malformed('a policy has one quorum line, this is another');
    if (name !== NO_QUORUM && !this.#names.has(name)) {
      throw malformed(`quorum ${quote(name)} is not defined above`);
    }
    this.#quorum = name;
  }

  finish(): WitnessPolicy {
    if (this.#quorum === undefined) throw malformed('the policy has no quorum line');
    return {
      logs: this.#logs,
      witnesses: this.#witnesses,
      groups: this.#groups,
      quorum: this.#quorum,
    };
  }

  #takeName(name: string): void {
    if (!isToken(name)) throw malformed(`${quote(name)} is not a name: expected no space`);
    if (name === NO_QUORUM) throw malformed(`${quote(name)} is the name of the empty quorum`);
    if (this.#names.has(name)) throw malformed(`${quote(name)} is defined twice`);
    this.#names.add(name);
  }

  #takeKey({ name, keyId, publicKey }: PublicNoteKey, expectedId: string): void {
    if (keyId !== expectedId) {
      throw malformed(`key of ${quote(name)} has id ${keyId}, expected ${expectedId}`);
    }
    // A cosignature does not say which name made it: the holder of one key would be two witnesses,
    // or a log its own witness.
    const encoded = toHex(publicKey);
    if (this.#publicKeys.has(encoded)) {
      throw malformed(`the public key of ${quote(name)} stands in the policy twice`);
    }
    this.#publicKeys.add(encoded);
  }
}

/**
 * Checks a policy that was put together by hand.
 *
 * @throws TlogError MALFORMED_POLICY or MALFORMED_KEY
 */
export function checkPolicy(policy: WitnessPolicy): WitnessPolicy {
  const draft = new PolicyDraft();
  for (const log of policy.logs) draft.addLog(log);
  for (const witness of policy.witnesses) draft.addWitness(witness);
  for (const group of policy.groups) draft.addGroup(group);
  draft.setQuorum(policy.quorum);
  return draft.finish();
}

function append<T>(list: T[], item: T, what: string): void {
  if (list.length >= MAX_POLICY_ITEMS) {
    throw malformed(`the policy has more than ${MAX_POLICY_ITEMS} ${what}`);
  }
  list.push(item);
}

function checkUrl(url: string | undefined): void {
  if (url === undefined || isToken(url)) return;
  throw malformed(`${quote(url)} is not a URL: expected no space`);
}

function isToken(text: string): boolean {
  return /^[^\0-\x20\x7f\p{Cs}]+$/u.test(text);
}

function malformed(message: string): TlogError {
  return new TlogError('MALFORMED_POLICY', message);
}
