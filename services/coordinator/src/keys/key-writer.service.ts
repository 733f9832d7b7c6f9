import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { keyHistory, newestKeys, type KeyHistory } from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import { BuilderEntity, logSize } from '#libs/persistence';
import { LogService } from '../log/log.service.js';
import { KeyBookService } from './key-book.service.js';
import { keyProblem } from './key-problems.js';
import { requireRoom } from './key-rate.js';
import type { OfferedRecord } from './offered-record.js';

/** Appends records about keys, whoever decided that they are to be. */
@Injectable()
export class KeyWriterService {
  constructor(
    private readonly book: KeyBookService,
    private readonly log: LogService,
  ) {}

  /**
   * Appends a record that changes the life of a key, and gives its index; one that is logged already
   * keeps its index. The builder's row follows. The caller holds the log's lock.
   *
   * @param decidedBy an operator alone brings only so many sets of keys within a day
   * @throws ProblemError by the finding's code for a record that would change nothing; too-many-keys
   */
  async append(
    manager: EntityManager,
    offered: OfferedRecord,
    decidedBy: 'operator' | 'group',
    now: Date,
  ): Promise<number> {
    const existing = await this.log.indexOf(manager, offered.envelopeSha256);
    if (existing !== null) return existing;
    const logIndex = await logSize(manager);
    // Held against all that is logged, under the lock: of two that contradict each other one is first.
    const before = await this.book.read(manager);
    const history = refuseIdle(before, offered, logIndex);
    if (decidedBy === 'operator' && offered.event.kind !== 'revocation') {
      await requireRoom(manager, before, offered.operator, now);
    }
    const label = { kind: 'key', round: null, builder: offered.builder } as const;
    const key = fromBase64(offered.operator.publicKey);
    const index = await this.log.append(manager, offered.envelope, key, label, now);
    await followKeys(manager, history, offered.builder);
    return index;
  }
}

/**
 * Gives the history with a record in it.
 *
 * @throws ProblemError by the finding's code for a record that would change nothing
 */
export function refuseIdle(
  before: KeyHistory,
  { record }: Pick<OfferedRecord, 'record'>,
  logIndex: number,
): KeyHistory {
  const history = keyHistory([{ ...record, logIndex }], before);
  const finding = history.findings.find((each) => each.logIndex === logIndex);
  if (finding !== undefined) throw keyProblem(finding.code, finding.message);
  return history;
}

/**
 * Gives a builder's row the keys that it has by the log. Whoever's keys changed has others on NATS, or
 * none: it is told of it before anything else is.
 */
export async function followKeys(
  manager: EntityManager,
  history: KeyHistory,
  builder: string,
): Promise<void> {
  const life = newestKeys(history, builder);
  if (life === null) return;
  const { attestation, nats } = life.keys;
  await manager.update(
    BuilderEntity,
    { id: builder },
    { publicKey: attestation, natsPublicKey: nats, isNatsDue: true },
  );
}
