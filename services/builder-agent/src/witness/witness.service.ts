import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Signer } from '#libs/attestation';
import {
  CosigningAsked,
  isAnswerSubject,
  SUBJECTS,
  subjectFor,
  type CosigningAnswer,
} from '#libs/contracts';
import { answerAsBuilder, jsonOf } from '#libs/messaging';
import {
  cosign,
  decideCosigning,
  formatCosignatureLines,
  formatTreeSize,
  openWitnessRequest,
  parseAddCheckpoint,
  type WitnessConsent,
  type WitnessRefusal,
} from '#libs/tlog';
import type { Coordinator } from '../jobs/coordinator-identity.js';
import { COORDINATOR, NATS, SIGNER, WITNESS_SIGNER } from '../tokens.js';
import { isProvenFork, keepContradiction, type Contradiction } from './contradiction.js';
import { LogStateService } from './log-state.service.js';

/** Requests that may wait for each other; beyond, who asks is told to come again. */
const MAX_WAITING = 32;

/**
 * Cosigns the coordinator's checkpoints when it asks: each after it was shown to contain the one
 * before, and after that it did so is on disk. Its note name is the builder's id. Without a witness
 * key it answers nobody.
 *
 * Source: C2SP tlog-witness, "add-checkpoint", in NATS messages
 */
@Injectable()
export class WitnessService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(WitnessService.name);
  private subscription: Subscription | null = null;
  private waiting = 0;

  constructor(
    @Inject(SIGNER) private readonly builder: Signer,
    @Inject(WITNESS_SIGNER) private readonly signer: Signer | null,
    @Inject(COORDINATOR) private readonly coordinator: Coordinator,
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly state: LogStateService,
  ) {}

  onModuleInit(): void {
    const { signer } = this;
    if (signer === null) return;
    this.subscription = this.nats.subscribe(subjectFor(SUBJECTS.cosign, this.builder.id), {
      callback: (error, message) => {
        if (error === null) void this.respond(message, signer);
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const { subscription } = this;
    this.subscription = null;
    // What is being decided is answered still; nothing new is taken.
    await subscription?.drain();
  }

  private async respond(message: Msg, signer: Signer): Promise<void> {
    // Nobody who asks like this is the coordinator: it is shown no cosignature, and its log no state.
    if (!isAnswerSubject(message.reply ?? '', this.builder.id)) return;
    const answer = await this.answerTo(message, signer);
    try {
      answerAsBuilder(message, this.builder.id, answer);
    } catch (error) {
      // Who asked asks again; the state that the answer speaks of is on disk.
      this.logger.debug(`an answer was not sent: ${String(error)}`);
    }
  }

  private async answerTo(message: Msg, signer: Signer): Promise<CosigningAnswer> {
    if (this.waiting >= MAX_WAITING) return { status: 503, body: 'too many requests at once' };
    this.waiting += 1;
    try {
      return await this.answer(bodyOf(message), signer);
    } catch (error) {
      // Not sure of its last checkpoint, it vouches for none.
      this.logger.error(`does not witness: ${String(error)}`);
      return { status: 500, body: 'the witness is not sure of its state' };
    } finally {
      this.waiting -= 1;
    }
  }

  private async answer(body: string | null, signer: Signer): Promise<CosigningAnswer> {
    if (body === null) return { status: 400, body: 'expected JSON with a body' };
    const { origin, verifier } = this.coordinator;
    const request = openWitnessRequest(body, new Map([[origin, [verifier]]]));
    if (request.kind !== 'open') return refusal(request);
    const shown = parseAddCheckpoint(body).checkpoint;
    const { decision, seen } = await this.state.update((state) => {
      const decided: WitnessConsent | WitnessRefusal = decideCosigning(
        request,
        state?.checkpoint ?? null,
      );
      const keep = decided.kind === 'cosign' ? shown : null;
      return { keep, answer: { decision: decided, seen: state?.note ?? null } };
    });
    if (decision.kind === 'cosign') return { status: 200, body: this.cosign(decision, signer) };
    if (decision.status === 422 && seen !== null) await this.tell({ seen, shown }, decision.reason);
    return refusal(decision);
  }

  private cosign({ text }: WitnessConsent, signer: Signer): string {
    const line = cosign(text, {
      name: this.builder.id,
      publicKey: signer.publicKey,
      sign: (message) => signer.sign(message),
      timeS: Math.floor(Date.now() / 1000),
    });
    return formatCosignatureLines([line]);
  }

  private async tell(contradiction: Contradiction, reason: string): Promise<void> {
    const path = await keepContradiction(this.state.folder(), contradiction);
    const what = isProvenFork(contradiction)
      ? 'the log is forked: it signed two roots of one size'
      : 'refused to cosign, and the log may be forked';
    this.logger.error(`${what}: ${reason}; ${path ?? 'as many are kept already as are kept'}`);
  }
}

function bodyOf(message: Msg): string | null {
  const asked = CosigningAsked.safeParse(jsonOf(message));
  return asked.success ? asked.data.body : null;
}

function refusal(refused: WitnessRefusal): CosigningAnswer {
  const body = refused.kind === 'conflict' ? formatTreeSize(refused.size) : refused.reason;
  return { status: refused.status, body: body.slice(0, 1_000) };
}
