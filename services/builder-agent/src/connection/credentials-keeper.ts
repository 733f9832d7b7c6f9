import { Logger } from '@nestjs/common';
import {
  type AgentOrder,
  type BuilderCredentials,
  type BuilderStatus,
  orderTo,
} from '#libs/contracts';
import { Ticker } from '#libs/platform';
import { areFor, areUsable, renewalOf } from './credentials-rule.js';
import { keepCredentials, readCredentials } from './credentials-file.js';
import { fetchCredentials, type CredentialsAnswer } from './fetch-credentials.js';
import { waitUntilDue } from './wait.js';

const FIRST_PAUSE_MS = 2_000;
const LAST_PAUSE_MS = 60_000;
const LOOK_MS = 1_000;
/** From one question to the next where the coordinator is away or refuses, or NATS lets the builder in no more. */
const ASK_AGAIN_MS = 15_000;
const OTHER_KEY =
  'the coordinator has another NATS key of this builder than that of NATS_KEY_FILE: once its keys were rotated, start the agent with the new ones';

/** Whose credentials are kept, and where they come from. */
export interface KeeperRequest {
  readonly coordinatorUrl: string;
  readonly builder: string;
  readonly stateDir: string;
  /** The builder's NATS key, in its public form; null where it signs in with none. */
  readonly natsKey: string | null;
  /** Ends the waiting and the renewing. */
  readonly signal: AbortSignal;
  /** Told, for people, of each new reason to wait. */
  readonly say: (line: string) => void;
  /** Told of what the builder's status asks, whenever it was heard of. */
  readonly onOrder: (order: AgentOrder) => void;
}

/** A builder that this coordinator will not have any more. */
export class NotWanted extends Error {
  override readonly name = 'NotWanted';
}

/**
 * Holds the credentials of a builder: those on disk where they still are good, else what the
 * coordinator gives once it has approved the builder; and renews them before they end.
 */
export class CredentialsKeeper {
  private readonly logger = new Logger(CredentialsKeeper.name);
  private readonly ending = new AbortController();
  private renewAt: Date | null = null;
  private askedAt = 0;
  /** Why they are not renewed, as it was said last. */
  private said = '';
  private readonly ticker = new Ticker(() => this.renewIfDue(), {
    everyMs: LOOK_MS,
    onError: (error) => {
      const reason = messageOf(error);
      // It may last for days, and be asked after all the while.
      if (reason !== this.said) this.logger.warn(`credentials are not renewed yet: ${reason}`);
      this.said = reason;
    },
  });

  private constructor(
    private readonly request: KeeperRequest,
    private held: BuilderCredentials,
  ) {
    this.plan();
  }

  /**
   * Gives a keeper with credentials that are good now; waits for the coordinator, and for its approval,
   * for as long as it takes.
   *
   * @throws NotWanted for a builder that was retired or revoked; what the signal aborts with
   */
  static async open(request: KeeperRequest): Promise<CredentialsKeeper> {
    const kept = await readCredentials(request.stateDir);
    if (kept?.builder === request.builder && canSignIn(kept, request)) {
      const keeper = new CredentialsKeeper(request, kept);
      // How the builder stands may have changed since, and so may the servers.
      keeper.renewAt = new Date();
      keeper.ticker.start();
      return keeper;
    }
    const keeper = new CredentialsKeeper(request, await waitForApproval(request));
    keeper.ticker.start();
    return keeper;
  }

  get servers(): readonly string[] {
    return this.held.servers;
  }

  /** The JWT that is good now; null where NATS asks nobody who he is. */
  get jwt(): string | null {
    return this.held.jwt;
  }

  /** Aborts with NotWanted once the coordinator says that it will not have the builder any more. */
  get ended(): AbortSignal {
    return this.ending.signal;
  }

  /** Has the coordinator asked soon: NATS does not take what is held, and does not say why. */
  askSoon(): void {
    const at = new Date(this.askedAt + ASK_AGAIN_MS);
    if (this.renewAt === null || this.renewAt > at) this.renewAt = at;
  }

  /** Ends the renewing. */
  async close(): Promise<void> {
    await this.ticker.stop();
  }

  private plan(): void {
    this.renewAt = renewalOf(this.held, new Date());
  }

  private async renewIfDue(): Promise<void> {
    if (this.renewAt === null || this.renewAt.getTime() > Date.now()) return;
    const { coordinatorUrl, builder, signal, stateDir, onOrder, natsKey } = this.request;
    this.askedAt = Date.now();
    this.renewAt = new Date(this.askedAt + ASK_AGAIN_MS);
    const answer = await fetchCredentials(coordinatorUrl, builder, signal);
    if (answer.kind === 'away') throw new Error(answer.reason);
    if (answer.kind === 'unknown') throw new Error('the coordinator does not know this builder');
    const status = answer.kind === 'given' ? answer.credentials.status : answer.status;
    if (status !== null) onOrder(orderTo(status));
    if (status !== null && orderTo(status) === 'stop') {
      this.ending.abort(new NotWanted(describe(answer)));
    }
    // What is held is good for a while still, and longer than nothing.
    if (answer.kind === 'refused') throw new Error(answer.reason);
    if (!canSignIn(answer.credentials, { natsKey })) throw new Error(describe(answer));
    this.held = answer.credentials;
    this.plan();
    await keepCredentials(stateDir, this.held);
    this.said = '';
    this.logger.log('the credentials for NATS were renewed');
  }
}

async function waitForApproval(request: KeeperRequest): Promise<BuilderCredentials> {
  const { coordinatorUrl, builder, stateDir, signal, say, onOrder } = request;
  let said = '';
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LAST_PAUSE_MS)) {
    const answer = await fetchCredentials(coordinatorUrl, builder, signal);
    signal.throwIfAborted();
    if (answer.kind === 'given') {
      const { credentials } = answer;
      if (canSignIn(credentials, request)) {
        await keepCredentials(stateDir, credentials);
        onOrder(orderTo(credentials.status));
        return credentials;
      }
    }
    const status = statusOf(answer);
    if (status !== null && orderTo(status) === 'stop') throw new NotWanted(describe(answer));
    const reason = describe(answer);
    if (reason !== said) say(reason);
    said = reason;
    await waitUntilDue(pauseMs, signal);
  }
}

function canSignIn(
  credentials: BuilderCredentials,
  { natsKey }: Pick<KeeperRequest, 'natsKey'>,
): boolean {
  if (!areUsable(credentials, new Date())) return false;
  return natsKey === null || areFor(credentials, natsKey);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function statusOf(answer: CredentialsAnswer): BuilderStatus | null {
  if (answer.kind === 'given') return answer.credentials.status;
  return answer.kind === 'refused' ? answer.status : null;
}

function describe(answer: CredentialsAnswer): string {
  switch (answer.kind) {
    case 'unknown':
      return 'the coordinator does not know this builder: waiting for `repro-quorum builder enroll`';
    case 'away':
      return `waiting for the coordinator: ${answer.reason}`;
    case 'refused':
      return answer.status === null
        ? `waiting: ${answer.reason}`
        : standing(answer.status, answer.reason);
    case 'given':
      return standing(
        answer.credentials.status,
        areUsable(answer.credentials, new Date())
          ? OTHER_KEY
          : 'the credentials that were given are over: is this clock right?',
      );
  }
}

function standing(status: BuilderStatus, otherwise: string): string {
  switch (status) {
    case 'applied':
      return 'applied: waiting for the group’s approval';
    case 'retired':
      return 'this builder is retired: `repro-quorum builder enroll` asks for it again';
    case 'revoked':
      return 'this builder is revoked, for ever';
    case 'active':
    case 'paused':
    case 'draining':
      return `waiting: ${otherwise}`;
  }
}
