import {
  plain,
  type AttestationList,
  type LogEntryKind,
  type Report,
  type RoundReport,
} from '#libs/contracts';
import { closeWords } from '../sentence/phase-words.js';

/** One logged statement of a round. */
export interface TimelineEntry {
  /** Place in the transparency log, from 0. */
  readonly index: number;
  /** What happened, safe to print. */
  readonly what: string;
  /** ISO 8601, where a time is known; what counts is the index. */
  readonly at: string | null;
  /** Digest of the envelope, under which it has a page; null where it is not at hand. */
  readonly sha256: string | null;
}

const KINDS: Readonly<Record<LogEntryKind, string>> = {
  'round-open': 'round opened',
  'round-amend': 'more builders invited',
  decline: 'declined',
  commit: 'committed to a sealed result',
  'round-close': 'round closed',
  result: 'showed its result',
  reveal: 'opened its result',
  verdict: 'verdict',
  countersignature: 'countersigned the verdict',
  refusal: 'refused the verdict',
  key: 'key record',
  'log-succession': 'the log has a successor',
  'admin-act': 'administrative act',
};

/** Gives what happened in a round by log index: what is listed of the log, and what the report tells beside it. */
export function timelineEntries(
  report: Report,
  entries: AttestationList | null,
): readonly TimelineEntry[] {
  const { round } = report;
  if (round === null) return [];
  const byIndex = new Map(reportedEntries(report, round).map((entry) => [entry.index, entry]));
  for (const { attestation, index, kind, operator, builder, loggedAt } of entries?.attestations ??
    []) {
    byIndex.set(index, {
      index,
      what: whatOf(kind, operator ?? builder, round),
      at: loggedAt ?? timeOf(kind, round),
      sha256: attestation,
    });
  }
  return [...byIndex.values()].toSorted((a, b) => a.index - b.index);
}

function reportedEntries(report: Report, round: RoundReport): readonly TimelineEntry[] {
  const entry = (
    kind: LogEntryKind,
    index: number | null,
    by: string | null = null,
    sha256: string | null = null,
  ): TimelineEntry[] =>
    index === null
      ? []
      : [{ index, what: whatOf(kind, by, round), at: timeOf(kind, round), sha256 }];
  return [
    ...entry('round-open', round.openIndex),
    ...report.builders.flatMap(({ operator, commitIndex, resultIndex, attestation }) => [
      ...entry('commit', commitIndex, operator),
      ...entry('result', resultIndex, operator, attestation),
    ]),
    ...entry('round-close', round.closeIndex),
    ...entry('verdict', round.verdictIndex),
  ];
}

function whatOf(kind: LogEntryKind, by: string | null, round: RoundReport): string {
  const why = kind === 'round-close' ? closeWords(round) : null;
  const what = `${KINDS[kind]}${why === null ? '' : `: ${why}`}`;
  return by === null ? what : `${plain(by, 60)} ${what}`;
}

function timeOf(kind: LogEntryKind, round: RoundReport): string | null {
  if (kind === 'round-open') return round.openedAt;
  if (kind === 'round-close') return round.closedAt;
  return kind === 'verdict' ? round.decidedAt : null;
}
