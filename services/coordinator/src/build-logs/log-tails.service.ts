import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { LogTailAnswer, readableLog, SUBJECTS, type LogTail, type RoundLog } from '#libs/contracts';
import { askBuilder } from '#libs/messaging';
import type { RoundState } from '../live/round-states.js';
import { NATS } from '../tokens.js';
import { ToldTail } from './told-tail.js';

/** Pause between two questions to one builder about one round. */
const PAUSE_MS = 2_000;
/** After an answer that is none; an agent that shows no logs is not asked on and on. */
const REFUSED_PAUSE_MS = 30_000;
const TIMEOUT_MS = 5_000;
/** Builders that are asked at a time, of all rounds. */
const MOST_ASKED = 64;
const BUILDING: ReadonlySet<string> = new Set(['build', 'outputs']);

interface Tail {
  readonly round: string;
  readonly builder: string;
  readonly told: ToldTail;
  dueMs: number;
  isAsked: boolean;
}

/** The ends of logs that are being written, in rounds that are not blind and that somebody watches. */
@Injectable()
export class LogTailsService {
  private readonly tails = new Map<string, Tail>();

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  /** Has the builders asked whose turn it is; forgets those that nobody waits for any more. */
  follow(states: ReadonlyMap<string, RoundState>, tell: (event: RoundLog) => void): void {
    const wanted = new Set<string>();
    for (const [round, { phase, isBlind, progress }] of states) {
      // Until the close nobody may learn anything of a blind round.
      if (isBlind || phase !== 'open') continue;
      for (const [builder, { stage }] of progress) {
        if (!BUILDING.has(stage) || wanted.size >= MOST_ASKED) continue;
        wanted.add(`${round}/${builder}`);
        this.askIfDue(round, builder, tell);
      }
    }
    for (const key of this.tails.keys()) if (!wanted.has(key)) this.tails.delete(key);
  }

  /** What whoever begins to watch a round has missed of the logs that are followed: the end of each. */
  *missed(round: string): Generator<RoundLog> {
    for (const { builder, told, ...tail } of this.tails.values()) {
      if (tail.round !== round) continue;
      for (const piece of told.kept) yield { kind: 'log', round, builder, ...piece };
    }
  }

  private askIfDue(round: string, builder: string, tell: (event: RoundLog) => void): void {
    const key = `${round}/${builder}`;
    const tail = this.tails.get(key) ?? {
      ...{ round, builder, told: new ToldTail(), dueMs: 0, isAsked: false },
    };
    this.tails.set(key, tail);
    if (tail.isAsked || tail.dueMs > performance.now()) return;
    tail.isAsked = true;
    void this.ask(round, builder, tail.told.nextByte).then((piece) => {
      tail.isAsked = false;
      tail.dueMs = performance.now() + (piece === null ? REFUSED_PAUSE_MS : PAUSE_MS);
      if (piece === null) return;
      tail.told.add(piece);
      if (piece.text !== '') tell({ kind: 'log', round, builder, ...piece });
    });
  }

  private async ask(
    round: string,
    builder: string,
    fromByte: number | null,
  ): Promise<LogTail | null> {
    const body = JSON.stringify({ round, fromByte });
    const question = { subject: SUBJECTS.logTail, builder, body, timeoutMs: TIMEOUT_MS };
    try {
      const answer = LogTailAnswer.parse((await askBuilder(this.nats, question)).json());
      if ('refused' in answer) return null;
      return { ...answer, text: readableLog(answer.text) };
    } catch {
      // It is away, or says what is no answer: nobody misses more than a piece of a log.
      return null;
    }
  }
}
