import {
  HttpStatus,
  Inject,
  Injectable,
  Logger,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { ProblemError, Ticker } from '#libs/platform';
import { noSuchRound } from '../rounds/round-problems.js';
import { Shutdown } from '../shutdown.js';
import { CONFIG } from '../tokens.js';
import { LogTailsService } from '../build-logs/log-tails.service.js';
import type { LiveConfig } from './live-config.js';
import { Reader } from './reader.js';
import { ReaderPlaces } from './reader-places.js';
import { readRoundStates, type RoundState } from './round-states.js';
import { stateEvents } from './state-events.js';

const POLL_MS = 500;
const HEARTBEAT_MS = 15_000;

/** Somebody who wants to see a round go on. */
export interface Asking {
  readonly round: string;
  /** The id of the last event that it saw, if it was here before. */
  readonly lastEventId?: string | undefined;
  readonly address: string;
}

/** A round that somebody watches. */
interface Watched {
  readonly readers: Set<Reader>;
  /** As its readers were told of it; null before the first look. */
  state: RoundState | null;
}

/**
 * Tells readers what becomes of rounds. All rounds that somebody watches are read with one query every
 * half second, however many readers there are: what another coordinator has written is seen like what
 * this one has, and nothing is missed when a connection to the database breaks.
 */
@Injectable()
export class RoundWatchService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(RoundWatchService.name);
  private readonly watched = new Map<string, Watched>();
  private readonly places: ReaderPlaces;
  private heartbeats: NodeJS.Timeout | null = null;
  private readonly ticker = new Ticker(() => this.look(), {
    everyMs: POLL_MS,
    onError: (error) => {
      this.logger.warn(`readers of live rounds wait: ${String(error)}`);
    },
  });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) config: LiveConfig,
    private readonly shutdown: Shutdown,
    private readonly tails: LogTailsService,
  ) {
    const { LIVE_READERS: most, LIVE_READERS_PER_ADDRESS: mostPerAddress } = config;
    this.places = new ReaderPlaces({ most, mostPerAddress });
  }

  /** Streams that are open. */
  get readers(): number {
    return this.places.count;
  }

  onModuleInit(): void {
    this.ticker.start();
    this.heartbeats = setInterval(() => {
      for (const reader of this.allReaders()) reader.beat();
    }, HEARTBEAT_MS);
  }

  /** Before the server closes: it would wait for each of them. They come back to another coordinator. */
  async onModuleDestroy(): Promise<void> {
    if (this.heartbeats !== null) clearInterval(this.heartbeats);
    for (const reader of this.allReaders()) reader.end();
    await this.ticker.stop();
  }

  /**
   * Opens a stream of events; null for a reader that knows of the round's end already.
   *
   * @throws ProblemError no-such-round, too-many-streams, streams-full, stopping
   */
  async open({ round, lastEventId, address }: Asking): Promise<Readable | null> {
    this.requireServing();
    const free = this.places.take(address);
    try {
      const state = (await readRoundStates(this.dataSource.manager, [round])).get(round);
      this.requireServing();
      if (state === undefined) throw noSuchRound(round);
      if (state.phase === 'final' && lastEventId === state.version) {
        free();
        return null;
      }
      return this.watch(round, state, lastEventId, free);
    } catch (error) {
      free();
      throw error;
    }
  }

  private watch(
    round: string,
    state: RoundState,
    lastEventId: string | undefined,
    free: () => void,
  ): Readable {
    const watched = this.watched.get(round) ?? { readers: new Set<Reader>(), state: null };
    const reader: Reader = new Reader(lastEventId, () => {
      free();
      this.forget(round, reader);
    });
    this.watched.set(round, watched);
    watched.readers.add(reader);
    for (const told of stateEvents(round, { version: lastEventId }, state)) reader.tell(told);
    for (const event of this.tails.missed(round)) reader.tell({ event });
    return reader.stream;
  }

  private forget(round: string, reader: Reader): void {
    const watched = this.watched.get(round);
    watched?.readers.delete(reader);
    if (watched?.readers.size === 0) this.watched.delete(round);
  }

  private async look(): Promise<void> {
    const rounds = [...this.watched.keys()];
    // With nobody watching, what was told of logs is forgotten, too.
    const { manager } = this.dataSource;
    const states =
      rounds.length === 0 ? new Map<string, RoundState>() : await readRoundStates(manager, rounds);
    for (const [round, state] of states) {
      const watched = this.watched.get(round);
      if (watched === undefined) continue;
      const events = stateEvents(round, watched.state ?? {}, state);
      watched.state = state;
      for (const reader of watched.readers) for (const told of events) reader.tell(told);
    }
    this.tails.follow(states, (event) => {
      for (const reader of this.watched.get(event.round)?.readers ?? []) reader.tell({ event });
    });
  }

  private *allReaders(): Generator<Reader> {
    for (const { readers } of this.watched.values()) yield* readers;
  }

  /** @throws ProblemError stopping */
  private requireServing(): void {
    if (!this.shutdown.isBegun) return;
    throw new ProblemError(
      HttpStatus.SERVICE_UNAVAILABLE,
      'stopping',
      'this coordinator is about to stop: come back in a moment',
      { headers: { 'retry-after': '5' } },
    );
  }
}
