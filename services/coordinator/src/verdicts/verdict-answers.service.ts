import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import {
  AttestationError,
  envelopeDigest,
  jointStatement,
  type JointEnvelope,
} from '#libs/attestation';
import { ConsensusError } from '#libs/consensus';
import type { VerdictAnswered } from '#libs/contracts';
import { DONE, type Delivery } from '#libs/messaging';
import { lockLog } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { IngestService } from '../ingest/ingest.service.js';
import { KeyBookService } from '../keys/key-book.service.js';
import { LogService } from '../log/log.service.js';
import { hasAnswered, loadAnswers, loadVerdict } from './round-answers.js';
import { verifyAnswer, type VerdictAnswer } from './verdict-answer.js';

interface Stored {
  readonly index: number;
  readonly outcome: 'logged' | 'repeated';
}

/** What builders say of a verdict once they have recomputed it. It has no deadline. */
@Injectable()
export class VerdictAnswersService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly log: LogService,
    private readonly keys: KeyBookService,
    private readonly ingest: IngestService,
  ) {}

  /** Takes a builder's answer. Hostile ones are dropped with the reason; nothing half is written. */
  async take({ round, envelope }: VerdictAnswered): Promise<Delivery> {
    try {
      const decided = await loadVerdict(this.dataSource.manager, round);
      if (decided === null) return { kind: 'drop', reason: `round ${round} has no verdict here` };
      const answer = verifyAnswer(envelope, decided);
      const sha256 = envelopeDigest(answer.envelope);
      const { index, outcome } = await this.store(round, answer, sha256);
      this.ingest.countTaken('answer', outcome);
      await this.log.sendReceipts([{ builder: answer.builder, envelopeSha256: sha256, index }]);
      return DONE;
    } catch (error) {
      const isRefusal = error instanceof AttestationError || error instanceof ConsensusError;
      if (!isRefusal) throw error;
      return { kind: 'drop', reason: `${error.code}: ${error.message}` };
    }
  }

  /**
   * Gives the verdict under the signatures of all who have countersigned it so far.
   *
   * @throws ProblemError no-joint-statement
   */
  async joint(round: string): Promise<JointEnvelope> {
    const decided = await loadAnswers(this.dataSource.manager, round);
    const signed = decided?.answers.filter(({ kind }) => kind === 'countersignature') ?? [];
    if (decided !== null && signed.length > 0) {
      return jointStatement(
        decided.verdict,
        signed.map(({ envelope, key }) => ({ envelope, publicKey: key })),
      );
    }
    throw new ProblemError(
      HttpStatus.NOT_FOUND,
      'no-joint-statement',
      `nobody has countersigned a verdict of round ${round} yet`,
    );
  }

  private async store(round: string, answer: VerdictAnswer, sha256: string): Promise<Stored> {
    const { kind, builder, key, envelope } = answer;
    return this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const existing = await this.log.indexOf(manager, sha256);
      if (existing !== null) return { index: existing, outcome: 'repeated' };
      if (await hasAnswered(manager, round, builder)) throw answeredAlready(builder);
      const now = new Date();
      await this.keys.requireActive(manager, { builder, publicKey: key }, now);
      const label = { kind, round, builder };
      const index = await this.log.append(manager, envelope, key, label, now);
      return { index, outcome: 'logged' };
    });
  }
}

function answeredAlready(builder: string): ConsensusError {
  return new ConsensusError(
    'FORBIDDEN_TRANSITION',
    `builder ${builder} has already answered this round's verdict`,
  );
}
