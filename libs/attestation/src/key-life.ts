import type { RevocationReason } from './key-revocation.js';
import type { KeySet, Operator } from './key-set.js';

/** A revocation as it was logged. */
export interface LoggedRevocation {
  readonly logIndex: number;
  readonly reason: RevocationReason;
  readonly since: string;
  /** Of a compromised key: from here on what it signed is void for auditors. */
  readonly sinceIndex?: number;
}

/** The life of one set of keys: what brought it, and what ended it. */
export interface KeyLife {
  readonly operator: Operator;
  readonly builder: string;
  readonly keys: KeySet;
  readonly validFrom: string;
  readonly validUntil: string;
  /** Log index of the enrolment or rotation that brought it. */
  readonly bornAt: number;
  /** Log index of the rotation that replaced it; null while it is the builder's newest. */
  readonly rotatedAt: number | null;
  /** In log order: at most one of any other reason, and one `compromised`. */
  readonly revocations: readonly LoggedRevocation[];
}

/** What a key was enrolled for; it is good for nothing else. */
export type KeyUse = 'attestation' | 'witness' | 'nats' | 'operator';

/** Why a record counts for nothing. */
export type KeyFindingCode =
  /** It is no statement about keys, is malformed, or holds an unfit key or a bad proof. */
  | 'unreadable'
  /** Its log index is not above that of the record before it. */
  | 'out-of-order'
  /** Somebody else signed it than the operator that it names. */
  | 'foreign-signature'
  /** The key that it is about was enrolled by another operator. */
  | 'foreign-operator'
  /** The key that it is about belongs to another builder. */
  | 'foreign-builder'
  /** A key that it brings was enrolled before, for this purpose or another. */
  | 'known-key'
  /** The key that it is about was never enrolled as an attestation key. */
  | 'unknown-key'
  /** The key was rotated before: only a builder's newest key can be. */
  | 'already-rotated'
  /** The key was revoked before, and this says nothing worse. */
  | 'already-revoked'
  /** The key was retired, and its builder with it. */
  | 'retired'
  /** The operator alone rotates a key that is not revoked. */
  | 'no-old-signature';

/** A record that counts for nothing, and why. */
export interface KeyFinding {
  readonly logIndex: number;
  readonly code: KeyFindingCode;
  readonly message: string;
}
