import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Counter, Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { Signer } from '#libs/attestation';
import { PersistenceError, readLogHome, settleLog } from '#libs/persistence';
import { Ticker } from '#libs/platform';
import { ed25519Signer } from '#libs/tlog';
import type { Config } from '../config.js';
import { LogHalt } from '../log/log-halt.js';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { CONFIG, NATS, REGISTRY, SIGNER, WITNESS_SET } from '../tokens.js';
import { askerOf } from './ask-witness.js';
import { LogHead } from './log-head.js';
import { Wakefulness } from './wakefulness.js';
import { WitnessAsker, WitnessRefusedError, type AskOutcome } from './witness-asker.js';
import type { WitnessSet } from './witness-set.js';

/** Pause between two tries with a witness that did not cosign; a new checkpoint asks it at once. */
const RETRY_MS = 10_000;

/**
 * Has every checkpoint cosigned. Each witness is asked by itself and one request at a time: what is
 * published meanwhile is asked for in one go, and a slow witness keeps nobody waiting but itself.
 */
@Injectable()
export class WitnessService implements OnModuleInit, OnApplicationShutdown {
  private readonly lanes: readonly Ticker[];
  private readonly timeoutMs: number;
  private readonly requests: Counter<'witness' | 'outcome'>;
  private readonly sizes: Gauge<'witness'>;
  private readonly wakefulness: Wakefulness;
  /** Witnesses to which what is stored here contains all that they have seen. */
  private readonly content = new Set<string>();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) config: Config,
    @Inject(SIGNER) signer: Signer,
    @Inject(NATS) nats: NatsConnection,
    @Inject(WITNESS_SET) set: WitnessSet | null,
    @Inject(REGISTRY) registry: Registry,
    private readonly halt: LogHalt,
  ) {
    const meters = new CoordinatorMeters(registry);
    this.requests = meters.counter('quorum_witness_requests_total');
    this.sizes = meters.gauge('quorum_witness_size');
    this.wakefulness = new Wakefulness(registry, new Logger(WitnessService.name));
    const origin = config.LOG_ORIGIN;
    const head = new LogHead(
      dataSource,
      origin,
      ed25519Signer(origin, signer.publicKey, (text) => signer.sign(text)),
    );
    const timeoutMs = config.WITNESS_TIMEOUT_SECONDS * 1000;
    this.timeoutMs = timeoutMs;
    this.lanes = (set?.policy.witnesses ?? []).map((witness) => {
      const asker = new WitnessAsker(witness, askerOf(witness, { nats, timeoutMs }), head);
      return new Ticker(() => this.ask(asker), {
        everyMs: RETRY_MS,
        onError: (error) => {
          this.wakefulness.failed(witness.name, failureOf(error), error);
        },
      });
    });
  }

  onModuleInit(): void {
    for (const lane of this.lanes) lane.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  /** Has the newest checkpoint cosigned. Waits for nobody. */
  wake(): void {
    for (const lane of this.lanes) void lane.wake();
  }

  /**
   * Asks everybody, before anything is written or signed, whether this log was longer once. Waits no
   * longer than one request may take. Witnesses that sleep do not keep a log from being written in the
   * database in which it was; one that was brought back or moved is only read until every one has
   * answered, or an operator answers for it. Each has to: a receipt is out before anybody cosigned it, so
   * the one witness that still sleeps may be the only one to have seen what was lost.
   */
  async inquire(): Promise<void> {
    const home = await readLogHome(this.dataSource.manager);
    if (home === 'moved') this.halt.hold(this.moved());
    const answered = Promise.all(this.lanes.map((lane) => lane.wake()));
    await Promise.race([answered, sleep(this.timeoutMs, undefined, { ref: false })]);
    if (home === 'new' && !this.halt.isFaulty) await settleLog(this.dataSource.manager);
  }

  private moved(): PersistenceError {
    const count = this.lanes.length;
    const witnesses = count === 0 ? '' : `until each of its witnesses (${count}) has answered, `;
    return new PersistenceError(
      'LOG_BEHIND',
      `this database was brought back from a backup or moved since the log was written in it, and more may have been signed than it holds: it is only read ${witnesses}until "repro-quorum coordinator restore" brought it up to what others hold, with --newest once nobody holds more`,
    );
  }

  /** A witness found all that it has seen of the log in what is stored here. */
  private async contents(witness: string): Promise<void> {
    this.content.add(witness);
    if (this.halt.reason === null || this.halt.isFaulty) return;
    if (this.content.size < this.lanes.length) return;
    await settleLog(this.dataSource.manager);
    this.halt.release('its witnesses have seen nothing newer');
  }

  private async ask(asker: WitnessAsker): Promise<void> {
    if (this.halt.isFaulty) return;
    const { name } = asker.witness;
    const count = (outcome: AskOutcome | ReturnType<typeof failureOf>): void => {
      if (outcome !== 'known') this.requests.inc({ witness: name, outcome });
    };
    try {
      count(await this.halt.examine(() => asker.askOnce()));
      if (asker.cosignedSize !== null) await this.contents(name);
      this.sizes.set({ witness: name }, asker.cosignedSize ?? 0);
      this.wakefulness.answered(name);
    } catch (error) {
      count(failureOf(error));
      throw error;
    }
  }
}

function failureOf(error: unknown): 'contradicted' | 'refused' | 'failed' {
  if (error instanceof PersistenceError) return 'contradicted';
  return error instanceof WitnessRefusedError ? 'refused' : 'failed';
}
