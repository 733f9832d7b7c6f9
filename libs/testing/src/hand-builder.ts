import { randomUUID } from 'node:crypto';
import { jetstream, type ConsumerMessages } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  declineStatement,
  envelopeDigest,
  parseStatement,
  readRoundOpen,
  roundIdOf,
  signStatement,
  unverifiedPayload,
  type DeclineReason,
  type Envelope,
  type RoundOpen,
  type Signer,
} from '#libs/attestation';
import {
  builderDurable,
  BuildRequested,
  DISPATCH_STREAM,
  type Receipt,
  ReceiptsIssued,
  type ResultSubmitted,
  RoundClosed,
  SUBJECTS,
  subjectFor,
  type Urgency,
  VerdictLogged,
} from '#libs/contracts';
import { ensureBuilderConsumer, publishDurably } from '#libs/messaging';
import { eventually } from './eventually.js';
import { makeResult, signCommit, signResult } from './hand-signed.js';

/** A round as one builder was asked to join it. */
export interface Invitation {
  readonly round: string;
  readonly open: RoundOpen;
  /** The signed RoundOpen. */
  readonly envelope: Envelope;
  /** What was added to the round since, signed. */
  readonly amends: readonly Envelope[];
  readonly urgency: Urgency | undefined;
}

/** A result and the commit to it. */
export interface SealedResult {
  readonly commit: Envelope;
  readonly result: Envelope;
}

/** A builder played by hand: it hears what an agent hears, and says what a test has it say. */
export class HandBuilder {
  private readonly invitations: Invitation[] = [];
  private readonly closes: RoundClosed[] = [];
  private readonly receipts: Receipt[] = [];
  private readonly verdicts: VerdictLogged[] = [];
  private messages: ConsumerMessages | null = null;

  constructor(
    readonly signer: Signer,
    readonly operator: string,
    private readonly connection: NatsConnection,
  ) {}

  get id(): string {
    return this.signer.id;
  }

  /** Begins to hear; may be called again once the dispatch stream was lost and made anew. */
  async listen(): Promise<void> {
    await this.messages?.close();
    await ensureBuilderConsumer(this.connection, this.id);
    const consumer = await jetstream(this.connection).consumers.get(
      DISPATCH_STREAM.name,
      builderDurable(this.id),
    );
    this.messages = await consumer.consume({
      callback: (message) => {
        this.hear(message.subject, message.json());
        message.ack();
      },
    });
  }

  async stop(): Promise<void> {
    await this.messages?.close();
  }

  /** Waits until it was asked to join a round. */
  invitation(round: string): Promise<Invitation> {
    return eventually('an invitation', () => this.invitations.find((it) => it.round === round));
  }

  /** Waits until it was told that a round is closed. */
  close(round: string): Promise<RoundClosed> {
    return eventually('a close', () => this.closes.find((it) => it.round === round));
  }

  /** Waits until it was told a round's verdict. */
  verdict(round: string): Promise<VerdictLogged> {
    return eventually('a verdict', () => this.verdicts.find((it) => it.round === round));
  }

  /** Waits for the `nth` receipt of an envelope, counted from 1. */
  receipt(envelope: Envelope, nth = 1): Promise<Receipt> {
    const digest = envelopeDigest(envelope);
    return eventually(
      'a receipt',
      () => this.receipts.filter(({ envelopeSha256 }) => envelopeSha256 === digest)[nth - 1],
    );
  }

  /** Signs a result for a round, and the commit to it; `variant` names the bytes that it built. */
  seal({ round, open }: Pick<Invitation, 'round' | 'open'>, variant = 'good'): SealedResult {
    const answered = { round, release: open.release, builder: this.id };
    const result = signResult(makeResult(answered, variant), this.signer);
    return { result, commit: signCommit(round, result, this.signer) };
  }

  /** Sends an envelope as a commit. */
  commit(envelope: Envelope): Promise<void> {
    return this.send(SUBJECTS.commitSubmitted, JSON.stringify({ envelope }));
  }

  /** Declines a round; gives the envelope that it sends. */
  async decline(round: string, reason: DeclineReason = 'busy'): Promise<Envelope> {
    const said = { round, builder: this.id, reason, declinedAt: new Date().toISOString() };
    const envelope = signStatement(declineStatement(said), this.signer);
    await this.send(SUBJECTS.declined, JSON.stringify({ envelope }));
    return envelope;
  }

  /** Sends an envelope as a result, with what may come with one. */
  reveal(envelope: Envelope, shown: Omit<ResultSubmitted, 'envelope'> = {}): Promise<void> {
    return this.send(SUBJECTS.resultSubmitted, JSON.stringify({ envelope, ...shown }));
  }

  /** Sends an envelope as an answer to a round's verdict. */
  answer(round: string, envelope: Envelope): Promise<void> {
    return this.send(SUBJECTS.verdictAnswered, JSON.stringify({ round, envelope }));
  }

  /** Sends anything on a subject of its own. The message id is new each time. */
  send(subject: string, body: string): Promise<void> {
    return publishDurably(this.connection, subjectFor(subject, this.id), body, randomUUID());
  }

  private hear(subject: string, body: unknown): void {
    if (subject.startsWith(SUBJECTS.buildRequested)) {
      const { roundOpen: envelope, amends = [], urgency } = BuildRequested.parse(body);
      const payload = unverifiedPayload(envelope);
      const open = readRoundOpen(parseStatement(payload));
      this.invitations.push({ round: roundIdOf(payload), open, envelope, amends, urgency });
    } else if (subject.startsWith(SUBJECTS.roundClosed)) {
      this.closes.push(RoundClosed.parse(body));
    } else if (subject.startsWith(SUBJECTS.verdictLogged)) {
      this.verdicts.push(VerdictLogged.parse(body));
    } else {
      this.receipts.push(...ReceiptsIssued.parse(body).receipts);
    }
  }
}
