import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  AttestationError,
  checkKeyAt,
  keyHistory,
  type KeyHistory,
  type KeyStanding,
  type RoundOpen,
} from '#libs/attestation';
import { logSize } from '#libs/persistence';
import { LogHalt } from '../log/log-halt.js';
import { isStored, lastKeyRecord, readKeyRecords, type KeyRecordName } from './key-records.js';

/** Who signed something that is about to be logged. */
export interface SigningBuilder {
  readonly builder: string;
  /** 32 raw bytes: the key that the envelope was verified with. */
  readonly publicKey: Uint8Array;
  /** The round that a commit is for, with everybody who was ever invited; other statements: none. */
  readonly open?: RoundOpen;
}

/** The life of every key, as the log tells it. */
@Injectable()
export class KeyBookService {
  private held: { readonly last: KeyRecordName; readonly history: KeyHistory } | null = null;

  constructor(private readonly halt: LogHalt) {}

  /**
   * Reads the history of all keys that the transaction sees. Records never change, so each is verified
   * once: judging a statement costs one look at an index.
   *
   * @throws PersistenceError LOG_CORRUPT for a stored record that does not verify
   */
  async read(manager: EntityManager): Promise<KeyHistory> {
    const last = await lastKeyRecord(manager);
    if (last === null) return keyHistory([]);
    const { held } = this;
    if (held !== null && isSame(held.last, last)) return held.history;
    const isGrown = held !== null && (await isStored(manager, held.last));
    const before = isGrown ? held.history : keyHistory([]);
    const after = isGrown ? held.last.index : -1;
    const records = await this.halt.read(async () => readKeyRecords(manager, after));
    const history = keyHistory(records, before);
    this.held = { last, history };
    return history;
  }

  /**
   * Refuses what a builder's key may not sign at the index that the log comes to next. The caller
   * holds the log's lock, so that nothing can be logged in between.
   *
   * @throws AttestationError REVOKED_KEY, ROTATED_KEY, EXPIRED_KEY, UNKNOWN_KEY, WRONG_BUILDER,
   *   WRONG_OPERATOR
   */
  async requireActive(manager: EntityManager, signing: SigningBuilder, now: Date): Promise<void> {
    const require = await this.judge(manager, now);
    require(signing, 0);
  }

  /**
   * Gives what {@link requireActive} asks for many at once: each with the number of entries that are
   * logged before it in the same transaction.
   */
  async judge(
    manager: EntityManager,
    now: Date,
  ): Promise<(signing: SigningBuilder, entriesBefore: number) => void> {
    const history = await this.read(manager);
    const [size, at] = [await logSize(manager), now.toISOString()];
    return ({ builder, publicKey, open }, entriesBefore) => {
      const judged = { builder, publicKey, logIndex: size + entriesBefore };
      const standing = checkKeyAt(history, { ...judged, at });
      if (open === undefined) return;
      // Auditors do not know when a commit came, and hold its key against this time.
      checkKeyAt(history, { ...judged, at: open.openedAt });
      checkInvitedOperator(open, builder, standing);
    };
  }
}

function isSame(a: KeyRecordName, b: KeyRecordName): boolean {
  return a.index === b.index && a.envelopeSha256 === b.envelopeSha256;
}

/** Whoever enrols a key in mid-round must not vote by it in the place of the invited operator. */
function checkInvitedOperator(
  { roster }: RoundOpen,
  builder: string,
  standing: KeyStanding | null,
): void {
  const entry = roster.find(({ builders }) => builders.some((each) => each.builder === builder));
  const owner = standing?.owner?.operator;
  const isOther = owner !== undefined && owner.publicKey !== entry?.publicKey;
  if (entry?.publicKey === undefined || !isOther) return;
  throw new AttestationError(
    'WRONG_OPERATOR',
    `builder ${builder} was invited as operator ${entry.operator}'s and enrolled by ${owner.id}`,
  );
}
