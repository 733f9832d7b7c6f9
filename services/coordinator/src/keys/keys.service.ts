import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import {
  AttestationError,
  envelopeDigest,
  keyHistory,
  openKeyRecord,
  readKeyEvent,
  signedPartsOf,
  type Envelope,
  type KeyEvent,
  type KeyRecord,
  type Operator,
} from '#libs/attestation';
import type { KeyLogged } from '#libs/contracts';
import { fromBase64 } from '#libs/encoding';
import { lockLog, logSize } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { RosterService } from '../builders/roster.service.js';
import { LogService } from '../log/log.service.js';
import { spell } from '../log/spelled-envelope.js';
import { WitnessKeysService } from '../witness/witness-keys.service.js';
import { KeyBookService } from './key-book.service.js';
import { keyProblem } from './key-problems.js';
import { requireRoom } from './key-rate.js';

/** A record whose signature was verified, in the one spelling in which it is logged. */
interface Offered {
  readonly envelope: Envelope;
  readonly record: KeyRecord;
  readonly operator: Operator;
  readonly builder: string;
  readonly kind: KeyEvent['kind'];
}

/** Takes operators' enrolments, rotations and revocations into the log. */
@Injectable()
export class KeysService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly roster: RosterService,
    private readonly book: KeyBookService,
    private readonly log: LogService,
    private readonly witnessKeys: WitnessKeysService,
  ) {}

  /**
   * Logs a record that changes the life of a key, and refuses one that would change nothing: the log
   * is for ever, and its history is read by everybody. The same record again has the same answer.
   *
   * @throws ProblemError by the finding's code; unknown-operator, too-many-keys
   */
  async submit(submitted: Envelope): Promise<KeyLogged> {
    const offered = readOffered(submitted);
    await this.requireOperator(offered.operator);
    const envelopeSha256 = envelopeDigest(offered.envelope);
    const index = await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const existing = await this.log.indexOf(manager, envelopeSha256);
      return existing ?? (await this.append(manager, offered));
    });
    this.witnessKeys.wake();
    await this.log.publish();
    const proof = await this.log.receipt(index);
    if (proof === null) throw new Error(`leaf ${index} is not covered by a checkpoint`);
    return { index, envelopeSha256, proof };
  }

  private async append(manager: EntityManager, offered: Offered): Promise<number> {
    const history = await this.book.read(manager);
    const logIndex = await logSize(manager);
    // Held against all that is logged, under the lock: of two that contradict each other one is first.
    const { findings } = keyHistory([{ ...offered.record, logIndex }], history);
    const finding = findings.find((each) => each.logIndex === logIndex);
    if (finding !== undefined) throw keyProblem(finding.code, finding.message);
    const now = new Date();
    if (offered.kind !== 'revocation') await requireRoom(manager, history, offered.operator, now);
    const label = { kind: 'key', round: null, builder: offered.builder } as const;
    const key = fromBase64(offered.operator.publicKey);
    return this.log.append(manager, offered.envelope, key, label, now);
  }

  /** Anybody can make keys and call himself an operator: without this, strangers fill the log. */
  private async requireOperator({ id, publicKey }: Operator): Promise<void> {
    const known = await this.roster.operatorKeys();
    if (known.has(publicKey)) return;
    throw new ProblemError(
      HttpStatus.FORBIDDEN,
      'unknown-operator',
      `operator ${id} is not on the roster: its group has to add its public key first`,
    );
  }
}

/** @throws ProblemError unreadable, foreign-signature */
function readOffered(submitted: Envelope): Offered {
  try {
    const record = openKeyRecord(submitted, 0);
    const { kind, said } = readKeyEvent(record.statement);
    const key = fromBase64(said.operator.publicKey);
    const { envelope } = spell(signedPartsOf(submitted), key);
    return { envelope, record, kind, operator: said.operator, builder: said.builder };
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    if (cause.code === 'BAD_SIGNATURE') {
      throw keyProblem('foreign-signature', 'another key signed this than it names', cause);
    }
    throw keyProblem('unreadable', `${cause.code}: ${cause.message}`, cause);
  }
}
