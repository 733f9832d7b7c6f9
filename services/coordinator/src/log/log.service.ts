import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource, EntityManager } from 'typeorm';
import {
  signedPartsOf,
  signStatement,
  type Envelope,
  type Signer,
  type Statement,
} from '#libs/attestation';
import { receiptBodies, SUBJECTS, subjectFor, type Receipt } from '#libs/contracts';
import { ensureBuilderConsumers, publishAll } from '#libs/messaging';
import {
  appendToLog,
  Checkpoints,
  cosignedNote,
  readLogTile,
  type LogEntryKind,
} from '#libs/persistence';
import { ed25519Signer, ed25519Verifier, logEntry, type TileId } from '#libs/tlog';
import type { Config } from '../config.js';
import { CONFIG, NATS, SIGNER } from '../tokens.js';
import { WitnessService } from '../witness/witness.service.js';
import { LogHalt } from './log-halt.js';
import { spell, type SpelledEnvelope } from './spelled-envelope.js';

/** Whom and what an envelope in the log is about. */
export interface LogLabel {
  readonly kind: LogEntryKind;
  /** Null for the life of a key. */
  readonly round: string | null;
  readonly builder: string | null;
}

/** An envelope whose signature holds, on its way into the log. */
export interface VerifiedEnvelope extends SpelledEnvelope {
  readonly label: LogLabel;
}

/** A statement of the coordinator's own. */
export interface OwnStatement {
  readonly statement: Statement;
  readonly label: LogLabel;
}

/** A statement of the coordinator's own in the log. */
export interface OwnEntry {
  readonly envelope: Envelope;
  readonly index: number;
}

/** A builder's envelope in the log. */
export interface LoggedEnvelope {
  readonly builder: string;
  readonly envelopeSha256: string;
  readonly index: number;
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
    private readonly witnesses: WitnessService,
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
  ): Promise<OwnEntry> {
    const [entry] = await this.appendAllOwn(manager, [{ statement, label }], now);
    if (entry === undefined) throw new Error('a statement was appended, and has no entry');
    return entry;
  }

  /** Signs statements of the coordinator's own, appends them in their order, and gives each its entry. */
  async appendAllOwn<T extends OwnStatement>(
    manager: EntityManager,
    own: readonly T[],
    now: Date,
  ): Promise<readonly (T & OwnEntry)[]> {
    const { publicKey } = this.signer;
    const verified = own.map(({ statement, label }) => {
      const envelope = this.sign(statement);
      return { ...spell(signedPartsOf(envelope), publicKey), label };
    });
    const indices = await this.appendAll(manager, verified, now);
    return own.map((each, at) => {
      const [signed, index] = [verified[at], indices[at]];
      if (signed === undefined || index === undefined) throw new Error('a statement has no entry');
      return { ...each, envelope: signed.envelope, index };
    });
  }

  /** Appends a verified envelope. The caller holds the log's lock. */
  async append(
    manager: EntityManager,
    envelope: Envelope,
    publicKey: Uint8Array,
    label: LogLabel,
    now: Date,
  ): Promise<number> {
    const spelled = spell(signedPartsOf(envelope), publicKey);
    const [index] = await this.appendAll(manager, [{ ...spelled, label }], now);
    return index ?? 0;
  }

  /** Appends verified envelopes in their order. The caller holds the log's lock. */
  async appendAll(
    manager: EntityManager,
    verified: readonly VerifiedEnvelope[],
    now: Date,
  ): Promise<readonly number[]> {
    if (verified.length === 0) return [];
    const entries = verified.map((each) => ({
      ...each.label,
      envelopeSha256: each.sha256,
      body: each.body,
      entry: logEntry(each),
    }));
    return this.halt.guard(async () => appendToLog(manager, entries, now));
  }

  /** Finds where an envelope stands in the log; null when it is not there. */
  async indexOf(manager: EntityManager, envelopeSha256: string): Promise<number | null> {
    return (await this.indicesOf(manager, [envelopeSha256])).get(envelopeSha256) ?? null;
  }

  /** Finds where envelopes stand in the log, by digest; what is not there is left out. */
  async indicesOf(
    manager: EntityManager,
    envelopeSha256s: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    const found = await manager.query<{ sha256: string; index: string }[]>(
      `SELECT "envelope_sha256" AS "sha256", "index" FROM "log_entry"
       WHERE "envelope_sha256" = ANY($1)`,
      [envelopeSha256s],
    );
    return new Map(found.map(({ sha256, index }) => [sha256, Number(index)]));
  }

  /** Signs a checkpoint over everything committed so far, and has the witnesses asked for theirs. */
  async publish(): Promise<void> {
    await this.halt.guard(async () => this.checkpoints.publish());
    this.witnesses.wake();
  }

  /** Gives the newest checkpoint's note with all cosignatures, without signing one. */
  async latest(): Promise<string | null> {
    const checkpoint = await this.checkpoints.latest();
    return checkpoint === null ? null : cosignedNote(this.dataSource.manager, checkpoint);
  }

  /** Reads a tile or a bundle of entries of the signed tree; null where it has none such. */
  async tile(id: TileId): Promise<Uint8Array | null> {
    return this.halt.read(async () => readLogTile(this.dataSource.manager, id));
  }

  /** Gives the receipt of a leaf; null while no checkpoint covers it. */
  async receipt(index: number): Promise<string | null> {
    return this.halt.read(async () => this.checkpoints.receipt(index));
  }

  /** Gives the receipts of leaves against one checkpoint, by index; those that none covers are left out. */
  async receipts(indices: readonly number[]): Promise<ReadonlyMap<number, string>> {
    return this.halt.read(async () => this.checkpoints.receipts(indices));
  }

  /** Tells one builder that its envelope is durable, as {@link sendReceipts} does. */
  async sendReceipt(builder: string, envelopeSha256: string, index: number): Promise<void> {
    await this.sendReceipts([{ builder, envelopeSha256, index }]);
  }

  /**
   * Tells builders that their envelopes are durable: under one checkpoint, with a proof for each, all of
   * a builder's in one message. Runs after the commit and before the messages are acknowledged: a crash
   * in between has them delivered again, and this repeated.
   */
  async sendReceipts(logged: readonly LoggedEnvelope[]): Promise<void> {
    if (logged.length === 0) return;
    const indices = logged.map(({ index }) => index);
    const [{ receipts: proofs }] = await Promise.all([
      this.halt.guard(async () => this.checkpoints.publishWithReceipts(indices)),
      // A builder cannot make its consumer itself, and may wait for nothing but this.
      ensureBuilderConsumers(
        this.nats,
        logged.map(({ builder }) => builder),
      ),
    ]);
    this.witnesses.wake();
    const receipts = new Map<string, Receipt[]>(logged.map(({ builder }) => [builder, []]));
    for (const { builder, envelopeSha256, index } of logged) {
      const proof = proofs.get(index);
      if (proof === undefined) throw new Error(`leaf ${index} is not covered by a checkpoint`);
      receipts.get(builder)?.push({ envelopeSha256, proof });
    }
    const messages = [...receipts].flatMap(([builder, own]) => {
      const subject = subjectFor(SUBJECTS.receiptsIssued, builder);
      // A new id each time: whoever asks again did not get the last one, though the server took it.
      return receiptBodies(own).map((body) => ({ subject, body, messageId: randomUUID() }));
    });
    await publishAll(this.nats, messages);
  }
}
