import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource, EntityManager } from 'typeorm';
import {
  commitmentOf,
  envelopeDigest,
  signatureOf,
  signStatement,
  type Envelope,
  type Signer,
  type Statement,
} from '#libs/attestation';
import { SUBJECTS, subjectFor, type ReceiptIssued } from '#libs/contracts';
import { canonicalJson } from '#libs/encoding';
import { ensureBuilderConsumer, publishDurably } from '#libs/messaging';
import {
  appendToLog,
  Checkpoints,
  LogEntryEntity,
  readLogTile,
  type LogEntryKind,
} from '#libs/persistence';
import { ed25519Signer, ed25519Verifier, logEntry, type TileId } from '#libs/tlog';
import type { Config } from '../config.js';
import { CONFIG, NATS, SIGNER } from '../tokens.js';
import { LogHalt } from './log-halt.js';

/** Whom and what an envelope in the log is about. */
export interface LogLabel {
  readonly kind: LogEntryKind;
  /** Null for the life of a key. */
  readonly round: string | null;
  readonly builder: string | null;
}

/** The transparency log: appending inside a transaction, checkpoints and receipts after it. */
@Injectable()
export class LogService {
  private readonly checkpoints: Checkpoints;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) readonly config: Config,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly halt: LogHalt,
  ) {
    const noteSigner = ed25519Signer(config.LOG_ORIGIN, signer.publicKey, (text) =>
      signer.sign(text),
    );
    const verifier = ed25519Verifier(config.LOG_ORIGIN, signer.publicKey);
    this.checkpoints = new Checkpoints(dataSource, config.LOG_ORIGIN, noteSigner, verifier);
  }

  /** Signs a statement with the coordinator's key. Signing twice gives the same envelope. */
  sign(statement: Statement): Envelope {
    return signStatement(statement, this.signer);
  }

  /** Signs a statement of the coordinator's own and appends it. */
  async appendOwn(
    manager: EntityManager,
    statement: Statement,
    label: LogLabel,
    now: Date,
  ): Promise<{ envelope: Envelope; index: number }> {
    const envelope = this.sign(statement);
    const index = await this.append(manager, envelope, this.signer.publicKey, label, now);
    return { envelope, index };
  }

  /** Appends a verified envelope. The caller holds the log's lock. */
  async append(
    manager: EntityManager,
    envelope: Envelope,
    publicKey: Uint8Array,
    label: LogLabel,
    now: Date,
  ): Promise<number> {
    const entry = logEntry({
      paeSha256: commitmentOf(envelope),
      signature: signatureOf(envelope),
      publicKey,
    });
    const envelopeSha256 = envelopeDigest(envelope);
    const body = canonicalJson(envelope);
    const entries = [{ ...label, envelopeSha256, body, entry }];
    const [index] = await this.halt.guard(async () => appendToLog(manager, entries, now));
    return index ?? 0;
  }

  /** Finds where an envelope stands in the log; null when it is not there. */
  async indexOf(manager: EntityManager, envelopeSha256: string): Promise<number | null> {
    const found = await manager.findOne(LogEntryEntity, {
      select: { index: true },
      where: { envelopeSha256 },
    });
    return found?.index ?? null;
  }

  /** Signs a checkpoint over everything committed so far, and gives its note. */
  async publish(): Promise<string | null> {
    return (await this.halt.guard(async () => this.checkpoints.publish()))?.note ?? null;
  }

  /** Gives the newest checkpoint's note without signing one. */
  async latest(): Promise<string | null> {
    return (await this.checkpoints.latest())?.note ?? null;
  }

  /** Reads a tile or a bundle of entries of the signed tree; null where it has none such. */
  async tile(id: TileId): Promise<Uint8Array | null> {
    return this.halt.guard(async () => readLogTile(this.dataSource.manager, id));
  }

  /** Gives the receipt of a leaf; null while no checkpoint covers it. */
  async receipt(index: number): Promise<string | null> {
    return this.halt.guard(async () => this.checkpoints.receipt(index));
  }

  /**
   * Tells a builder that its envelope is durable. Runs after the commit and before the message is
   * acknowledged: a crash in between has the message delivered again, and this repeated.
   */
  async sendReceipt(builder: string, envelopeSha256: string, index: number): Promise<void> {
    await this.publish();
    const proof = await this.receipt(index);
    if (proof === null) throw new Error(`leaf ${index} is not covered by a checkpoint`);
    const body = JSON.stringify({ envelopeSha256, proof } satisfies ReceiptIssued);
    const subject = subjectFor(SUBJECTS.receiptIssued, builder);
    // A builder cannot make its consumer itself, and may wait for nothing but this.
    await ensureBuilderConsumer(this.nats, builder);
    // A new id each time: whoever asks again did not get the last one, though the server took it.
    await publishDurably(this.nats, subject, body, randomUUID());
  }
}
