import {
  amendRoster,
  AttestationError,
  givesVerdict,
  keyHistory,
  keyIdOf,
  readRoundAmend,
  readRoundClose,
  readRoundOpen,
  type RoundOpen,
} from '#libs/attestation';
import type { EntryKind } from './bundle-line.js';
import { kindOf, payloadDigestOf, type OpenedEntry } from './entry.js';
import type { Finding } from './finding.js';
import {
  takeCommit,
  takeCountersignature,
  takeDecline,
  takeRefusal,
  takeResult,
  takeReveal,
} from './replay-builders.js';
import { ReplayDraft } from './replay-draft.js';
import type { Replay } from './replay.js';
import { roundOf } from './round-address.js';

/** Which round is replayed, and whose word opens, closes and decides it. */
export interface ReplayQuestion {
  readonly round: string;
  /** 32 raw bytes: the coordinator's key, which signs the log's checkpoints as well. */
  readonly coordinator: Uint8Array;
}

/** A replayed round, or why there is none. */
export type ReplayAnswer = Replay | { readonly open: null; readonly findings: readonly Finding[] };

interface Labelled {
  readonly kind: EntryKind;
  readonly entry: OpenedEntry;
}

/**
 * Turns the logged entries of a round into all that follows from them: the one place where that is
 * done. Entries of other rounds are passed over. What the rules forbid is a finding, changes nothing,
 * and never makes it throw: a log that holds it was kept by somebody who did not keep the rules.
 *
 * @param entries by rising index, each opened with the key in its leaf
 */
export function replayRound(
  entries: readonly OpenedEntry[],
  { round, coordinator }: ReplayQuestion,
): ReplayAnswer {
  const findings: Finding[] = [];
  const labelled = entries.flatMap((entry): readonly Labelled[] => {
    const kind = attempt(findings, entry, () => kindOf(entry, coordinator));
    return kind === null ? [] : [{ kind, entry }];
  });
  const records = labelled
    .filter(({ kind }) => kind === 'key')
    .map(({ entry: { index, statement, publicKey } }) => ({
      ...{ logIndex: index, statement },
      signerKeyId: keyIdOf(publicKey),
    }));
  const history = keyHistory(records);
  for (const { logIndex: index, code, message } of history.findings) {
    const line = entries.find((entry) => entry.index === index)?.line ?? null;
    findings.push({ code: 'key-record-void', message: `${code}: ${message}`, line, index });
  }
  const opened = labelled.find(
    ({ kind, entry }) => kind === 'round-open' && payloadDigestOf(entry) === round,
  )?.entry;
  const open = opened && attempt(findings, opened, () => readRoundOpen(opened.statement));
  if (opened === undefined || open === null || open === undefined) {
    const message = `there is no RoundOpen of round ${round}`;
    return {
      open: null,
      findings: [...findings, { code: 'round-missing', message, line: null, index: null }],
    };
  }
  const draft = new ReplayDraft(round, coordinator, open, history);
  // There may be as many as the log has entries: too many for the arguments of one call.
  for (const finding of findings) draft.findings.push(finding);
  if (!draft.isByCoordinator(opened)) {
    draft.find('not-the-coordinator', 'RoundOpen is not signed by the log’s key', opened);
  }
  for (const { kind, entry } of labelled) {
    if (entry !== opened) take(draft, kind, entry, opened);
  }
  return finish(draft, opened);
}

function take(draft: ReplayDraft, kind: EntryKind, entry: OpenedEntry, opened: OpenedEntry): void {
  if (kind === 'round-open') {
    takeOther(draft, entry);
    return;
  }
  if (kind === 'key' || kind === 'log-succession' || kind === 'admin-act') return;
  const round = draft.attempt('statement-malformed', entry, () => roundOf(kind, entry.statement));
  if (round !== draft.round) return;
  if (entry.index < opened.index) {
    draft.find('before-round-open', 'the entry stands before the RoundOpen of its round', entry);
    return;
  }
  switch (kind) {
    case 'round-amend':
    case 'round-close':
    case 'verdict':
      takeCoordinators(draft, kind, entry);
      return;
    case 'decline':
      takeDecline(draft, entry);
      return;
    case 'commit':
      takeCommit(draft, entry);
      return;
    case 'result':
      takeResult(draft, entry);
      return;
    case 'reveal':
      takeReveal(draft, entry);
      return;
    case 'countersignature':
      takeCountersignature(draft, entry);
      return;
    case 'refusal':
      takeRefusal(draft, entry);
      return;
  }
}

function takeCoordinators(
  draft: ReplayDraft,
  kind: 'round-amend' | 'round-close' | 'verdict',
  entry: OpenedEntry,
): void {
  if (!draft.isByCoordinator(entry)) {
    draft.find('not-the-coordinator', 'only the log’s key amends and closes rounds', entry);
    return;
  }
  if (kind === 'verdict') {
    const code = draft.phase === 'final' ? 'verdict-repeated' : 'verdict-before-close';
    if (draft.move('verdict', code, entry) !== null) draft.verdict = entry;
    return;
  }
  if (kind === 'round-close') {
    const close = draft.attempt('statement-malformed', entry, () =>
      readRoundClose(entry.statement),
    );
    if (close !== null && draft.move('close', 'closed-twice', entry) !== null) {
      draft.closeIndex = entry.index;
    }
    return;
  }
  const roster = draft.attempt('amend-unsound', entry, () => {
    const { added } = readRoundAmend(entry.statement);
    return { added, all: amendRoster(draft.roster, added) };
  });
  // An amendment after the close would invite whoever says what is still wanted.
  if (roster === null || draft.move('amend', 'amend-unsound', entry) === null) return;
  draft.roster = roster.all;
  draft.seat(roster.added);
}

function takeOther(draft: ReplayDraft, entry: OpenedEntry): void {
  if (!draft.isByCoordinator(entry)) return;
  const round = payloadDigestOf(entry);
  if (round === draft.round) {
    draft.find('round-reopened', 'the same RoundOpen stands in the log twice', entry);
    return;
  }
  const other = draft.attempt('statement-malformed', entry, (): RoundOpen =>
    readRoundOpen(entry.statement),
  );
  if (other?.release.name !== draft.open.release.name || draft.verdict !== null) return;
  // It has no verdict that anybody could shop for.
  if (!givesVerdict(other)) return;
  draft.others.push({ round, index: entry.index });
  draft.find('other-round', `round ${round} is on the same release`, entry);
}

function finish(draft: ReplayDraft, opened: OpenedEntry): Replay {
  const { phase, commits, declined, late, claims, open } = draft;
  const { round, roster, history, closeIndex, verdict, commitIndexes, results, reveals } = draft;
  const { inputs, countersignatures, refusals, others, findings } = draft;
  return {
    ...{
      round,
      opened,
      open,
      roster,
      history,
      closeIndex,
      verdict,
      commitIndexes,
      results,
      reveals,
    },
    ...{ inputs, countersignatures, refusals, others, findings },
    state: { phase, isBlind: open.blind, commits, declined, late, claims },
  };
}

function attempt<T>(findings: Finding[], entry: OpenedEntry, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    const { index, line } = entry;
    const message = `${error.code}: ${error.message}`;
    findings.push({ code: 'statement-malformed', message, index, line });
    return null;
  }
}
