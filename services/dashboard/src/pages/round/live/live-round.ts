import {
  plain,
  type AttestationList,
  type Report,
  type RoundEvent,
  type RoundExplanation,
  type RoundGroups,
  type RoundLogs,
} from '#libs/contracts';
import { stateWords } from '../matrix/state-words.js';
import { withPiece, type LogPiece } from './log-pieces.js';

/** What the API answers about a round. */
export interface FetchedRound {
  readonly report: Report;
  /** Null before anything is known of why it split. */
  readonly explanation: RoundExplanation | null;
  /** What is listed of the log, newest first; null where it is not at hand. */
  readonly entries: AttestationList | null;
  /** Of which builds there are logs; null where that is not known. */
  readonly logs: RoundLogs | null;
  /** What it comes to for each group; null where that is not known. */
  readonly groups: RoundGroups | null;
}

/** What is shown of a round while it goes on. */
export interface LiveRound extends FetchedRound {
  /** The ends of build logs, by builder. */
  readonly tails: ReadonlyMap<string, readonly LogPiece[]>;
  /** What a reader is told of the last change; empty at the beginning. */
  readonly said: string;
}

/** Takes in how far a builder says that it is; what it says of a builder that is not asked is nothing. */
export function withProgress(
  live: LiveRound,
  { builder, stage, percent }: Extract<RoundEvent, { kind: 'progress' }>,
): LiveRound {
  const builders = live.report.builders.map((one) => {
    if (one.builder !== builder) return one;
    const isAtWork = one.state === 'waiting' || one.state === 'building';
    const state = isAtWork && stage !== 'waiting' ? 'building' : one.state;
    return { ...one, state, stage, percent };
  });
  return { ...live, report: { ...live.report, builders } };
}

/** Takes in a piece of a log: its end is kept. */
export function withLog(
  live: LiveRound,
  { builder, fromByte, nextByte, text }: Extract<RoundEvent, { kind: 'log' }>,
): LiveRound {
  if (!live.report.builders.some((one) => one.builder === builder)) return live;
  const tail = withPiece(live.tails.get(builder) ?? [], { fromByte, nextByte, text });
  return { ...live, tails: new Map(live.tails).set(builder, tail) };
}

/** Takes in a round as it was fetched anew, and says what is new in it. */
export function withFetched(live: LiveRound, fetched: FetchedRound): LiveRound {
  const said = changesBetween(live.report, fetched.report);
  return { ...live, ...fetched, said: said === '' ? live.said : said };
}

/** Says in sentences what changed: verdict and phase first, then builders; empty where nothing did. */
export function changesBetween(before: Report, after: Report): string {
  const sentences: string[] = [];
  if (before.round?.phase !== after.round?.phase) {
    sentences.push(after.round?.phase === 'final' ? after.headline : 'The round is closed.');
  }
  const known = new Map(before.builders.map((one) => [one.builder, one.state]));
  for (const builder of after.builders) {
    if (known.get(builder.builder) === builder.state) continue;
    sentences.push(`${plain(builder.operator, 60)}: ${stateWords({ ...builder, percent: null })}.`);
  }
  const explained = (report: Report): number => report.explanations?.length ?? 0;
  if (explained(before) < explained(after)) sentences.push('More is known of why it differs.');
  return plain(sentences.slice(0, 6).join(' '), 1000);
}
