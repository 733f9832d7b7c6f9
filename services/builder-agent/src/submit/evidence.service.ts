import { Inject, Injectable, Logger } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Signer } from '#libs/attestation';
import { CloseEvidence, ROUTES, SUBJECTS, subjectFor } from '#libs/contracts';
import { askCoordinator, jsonBody } from '../ask-coordinator.js';
import type { Config } from '../config.js';
import { CONFIG, NATS, SIGNER } from '../tokens.js';

const NATS_TIMEOUT_MS = 5_000;
const HTTP_BOUNDS = { timeoutMs: 10_000, maxBytes: 262_144 };

/** Null while the log has no checkpoint that covers both. */
const Answer = CloseEvidence.nullable();

/** Asks the coordinator for what a builder has to see before it shows its result. */
@Injectable()
export class EvidenceService {
  private readonly logger = new Logger(EvidenceService.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  /** Asks over NATS, and over HTTP where nobody answers there; null when there is no evidence yet. */
  async ask(round: string, oldSize: number): Promise<CloseEvidence | null> {
    try {
      return await this.askNats(round, oldSize);
    } catch (error) {
      this.logger.debug(`no close evidence over NATS: ${String(error)}`);
    }
    if (this.config.COORDINATOR_URL === undefined) return null;
    try {
      return await this.askHttp(this.config.COORDINATOR_URL, round, oldSize);
    } catch (error) {
      this.logger.debug(`no close evidence over HTTP: ${String(error)}`);
      return null;
    }
  }

  private async askNats(round: string, oldSize: number): Promise<CloseEvidence | null> {
    const question = JSON.stringify({ round, builder: this.signer.id, oldSize });
    const subject = subjectFor(SUBJECTS.closeEvidence, this.signer.id);
    const reply = await this.nats.request(subject, question, { timeout: NATS_TIMEOUT_MS });
    return Answer.parse(reply.json());
  }

  private async askHttp(
    base: string,
    round: string,
    oldSize: number,
  ): Promise<CloseEvidence | null> {
    const url = new URL(`/${ROUTES.rounds}/${round}/close-evidence`, base);
    url.searchParams.set('builder', this.signer.id);
    url.searchParams.set('oldSize', String(oldSize));
    const answer = await askCoordinator(url, HTTP_BOUNDS);
    if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
    return Answer.parse(jsonBody(answer));
  }
}
