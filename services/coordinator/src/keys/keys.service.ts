import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { Envelope } from '#libs/attestation';
import type { KeyLogged } from '#libs/contracts';
import { lockLog } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { NatsAccountsService } from '../builders/nats-accounts.service.js';
import { RosterService } from '../builders/roster.service.js';
import { LogService } from '../log/log.service.js';
import { WitnessKeysService } from '../witness/witness-keys.service.js';
import { KeyWriterService } from './key-writer.service.js';
import { readOffered, type OfferedRecord } from './offered-record.js';

/** Takes operators' enrolments, rotations and revocations into the log. */
@Injectable()
export class KeysService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly roster: RosterService,
    private readonly writer: KeyWriterService,
    private readonly log: LogService,
    private readonly witnessKeys: WitnessKeysService,
    private readonly accounts: NatsAccountsService,
  ) {}

  /**
   * Logs a record that changes the life of a key, and refuses one that would change nothing: the log
   * is for ever, and its history is read by everybody. The same record again has the same answer.
   *
   * @throws ProblemError by the finding's code; unknown-operator, too-many-keys
   */
  async submit(submitted: Envelope): Promise<KeyLogged> {
    const offered = readOffered(submitted);
    const index = await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      await this.requireOperator(manager, offered);
      return this.writer.append(manager, offered, 'operator', new Date());
    });
    this.witnessKeys.wake();
    // Whose keys were revoked goes, and whose were rotated comes in by the new one.
    await Promise.all([this.log.publish(), this.accounts.settle()]);
    const proof = await this.log.receipt(index);
    if (proof === null) throw new Error(`leaf ${index} is not covered by a checkpoint`);
    return { index, envelopeSha256: offered.envelopeSha256, proof };
  }

  /** Anybody can make keys and call himself an operator: without this, strangers fill the log. */
  private async requireOperator(
    manager: EntityManager,
    { operator: { id, publicKey }, event }: OfferedRecord,
  ): Promise<void> {
    const known = await this.roster.operatorKeys(manager, event.kind);
    if (known.has(publicKey)) return;
    throw new ProblemError(
      HttpStatus.FORBIDDEN,
      'unknown-operator',
      `operator ${id} is not known here: its group adds its public key to the roster, or approves a builder of it (\`builder enroll --coordinator\`)`,
    );
  }
}
