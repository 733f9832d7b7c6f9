import {
  AttestationError,
  checkKeyAt,
  checkRelease,
  readCommit,
  readDecline,
  readResult,
  readReveal,
  readVerdictRefusal,
} from '#libs/attestation';
import { claimOf } from '#libs/contracts';
import type { OpenedEntry } from './entry.js';
import type { ReplayDraft, Seat } from './replay-draft.js';

/** Takes a builder's word that it does not build. It ends a wait, and is no vote. */
export function takeDecline(draft: ReplayDraft, entry: OpenedEntry): void {
  const decline = draft.attempt('decline-unsound', entry, () => readDecline(entry.statement));
  if (decline === null) return;
  const { builder } = decline;
  const seat = seatOf(draft, entry, builder);
  if (seat === null || !isKeySound(draft, entry, seat)) return;
  if (draft.commits.has(builder) || draft.declined.has(builder)) {
    const what = draft.commits.has(builder) ? 'after it had committed' : 'twice';
    draft.find('decline-unsound', `builder ${builder} declined ${what}`, entry);
    return;
  }
  if (draft.move('decline', 'decline-unsound', entry) !== null) draft.declined.add(builder);
}

/** Takes a builder's commit. */
export function takeCommit(draft: ReplayDraft, entry: OpenedEntry): void {
  const commit = draft.attempt('statement-malformed', entry, () => readCommit(entry.statement));
  if (commit === null) return;
  const { builder, commitment } = commit;
  const seat = seatOf(draft, entry, builder);
  if (seat === null || !isKeySound(draft, entry, seat)) return;
  if (draft.commits.has(builder) || draft.tooLate.has(builder)) {
    // A second try after seeing who else committed would undo the blindness.
    draft.find('commit-repeated', `builder ${builder} committed twice: the first counts`, entry);
    return;
  }
  const first = draft.committers.get(commitment);
  if (first !== undefined) {
    draft.find('commit-copied', `builder ${builder} promises what ${first} promised`, entry);
  }
  draft.committers.set(commitment, first ?? builder);
  if (draft.verdict === null) draft.inputs.push(entry);
  const transition = draft.move('commit', 'statement-malformed', entry);
  if (transition?.effect !== 'counts') {
    draft.tooLate.set(builder, commitment);
    // A verdict cannot name who comes after it: it would be false as soon as somebody does.
    if (transition?.effect === 'late') draft.late.add(builder);
    draft.find('commit-late', `builder ${builder} committed after the close`, entry);
    return;
  }
  draft.declined.delete(builder);
  draft.commits.set(builder, commitment);
  draft.commitIndexes.set(builder, entry.index);
}

/** Takes a result that a builder showed. */
export function takeResult(draft: ReplayDraft, entry: OpenedEntry): void {
  const result = draft.attempt('statement-malformed', entry, () => readResult(entry.statement));
  if (result === null) return;
  const { builder } = result;
  const seat = seatOf(draft, entry, builder);
  if (seat === null) return;
  const isOfRelease = draft.attempt('release-wrong', entry, () => {
    checkRelease(result.release, draft.open.release);
    return true;
  });
  if (isOfRelease === null) return;
  const transition = draft.move('reveal', 'result-before-close', entry);
  if (transition === null) return;
  const promised = draft.commits.get(builder) ?? draft.tooLate.get(builder);
  if (promised !== entry.commitment) {
    const what = promised === undefined ? 'without a commit' : 'and had committed to another';
    draft.find('result-uncommitted', `builder ${builder} shows a result ${what}`, entry);
    return;
  }
  if (draft.shown.has(builder)) {
    draft.find('result-repeated', `builder ${builder} showed its result before`, entry);
    return;
  }
  draft.shown.add(builder);
  if (draft.verdict === null) draft.inputs.push(entry);
  if (transition.effect !== 'counts' || !draft.commits.has(builder)) {
    draft.find('result-late', `builder ${builder}: its result came too late to count`, entry);
    return;
  }
  draft.claims.set(builder, claimOf(result));
  draft.results.set(builder, { entry, result });
}

/** Takes a builder's word on what it had verified. Only a sound one can speak for a result. */
export function takeReveal(draft: ReplayDraft, entry: OpenedEntry): void {
  const reveal = draft.attempt('reveal-unsound', entry, () => readReveal(entry.statement));
  if (reveal === null) return;
  const { builder } = reveal;
  if (seatOf(draft, entry, builder) === null) return;
  const isSound =
    reveal.commitment === draft.commits.get(builder) &&
    reveal.commitIndex === draft.commitIndexes.get(builder) &&
    reveal.closeIndex === draft.closeIndex;
  if (!isSound) {
    draft.find(
      'reveal-unsound',
      `builder ${builder} names another commit or close than the log has`,
      entry,
    );
  } else if (draft.verdict === null && !draft.reveals.has(builder)) {
    draft.reveals.set(builder, { entry, reveal });
  }
}

/** Takes the verdict's payload under a builder's signature. */
export function takeCountersignature(draft: ReplayDraft, entry: OpenedEntry): void {
  const { verdict } = draft;
  if (verdict === null || verdict.commitment !== entry.commitment) {
    const message = 'a builder signed a verdict that the round has not';
    draft.find('countersignature-unsound', message, entry);
    return;
  }
  const seat = [...draft.seats()].find(({ publicKey }) => isSameKey(publicKey, entry.publicKey));
  if (seat === undefined) {
    draft.find('stranger', 'the verdict is countersigned by a key that was not invited', entry);
  } else if (mayAnswer(draft, entry, seat)) {
    draft.countersignatures.set(seat.builder, entry);
  }
}

/** Takes a builder's refusal to stand behind the verdict. */
export function takeRefusal(draft: ReplayDraft, entry: OpenedEntry): void {
  const refusal = draft.attempt('statement-malformed', entry, () =>
    readVerdictRefusal(entry.statement),
  );
  const seat = refusal === null ? null : seatOf(draft, entry, refusal.builder);
  if (refusal === null || seat === null || !mayAnswer(draft, entry, seat)) return;
  draft.refusals.push(refusal);
  draft.find('refused', `builder ${refusal.builder} refuses the verdict: ${refusal.reason}`, entry);
}

/** Finds the seat of a builder whose key signed an entry. */
function seatOf(draft: ReplayDraft, entry: OpenedEntry, builder: string): Seat | null {
  const seat = draft.seatOf(builder);
  if (seat === null) {
    draft.find('stranger', `builder ${builder} was not invited`, entry);
    return null;
  }
  if (isSameKey(seat.publicKey, entry.publicKey)) return seat;
  draft.find('signed-as-another', `builder ${builder} is named by somebody else's key`, entry);
  return null;
}

/**
 * Tells whether a seat's key may commit at an entry's index. Its period is held against the time at
 * which the round was opened: when a commit came, nobody but the coordinator could say. A result
 * needs no second look, since the commit has bound it.
 */
function isKeySound(draft: ReplayDraft, entry: OpenedEntry, seat: Seat): boolean {
  const { builder, publicKey, keyText, keyIndex, operatorKey } = seat;
  const found = draft.history.lives.get(keyText);
  // What was logged of the key later takes nothing back: else a thief could undo rounds long decided.
  const life = found !== undefined && found.bornAt <= entry.index ? found : undefined;
  const isAsTold = keyIndex === null || (life?.bornAt === keyIndex && life.builder === builder);
  const isOperators =
    operatorKey === null || life === undefined || life.operator.publicKey === operatorKey;
  if (!isAsTold || !isOperators) {
    const message = `builder ${builder}: the log does not show its key as the roster has it`;
    draft.find('key-unproven', message, entry);
    return false;
  }
  try {
    const judged = { builder, publicKey, logIndex: entry.index, at: draft.open.openedAt };
    const standing = checkKeyAt(draft.history, judged);
    if (standing?.flags.includes('later-revoked') === true) {
      const message = `builder ${builder}: its key was found compromised afterwards`;
      draft.find('later-revoked', message, entry);
    }
    return true;
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    draft.find('key-inactive', error.message, entry);
    return false;
  }
}

/**
 * Tells whether a seat's key may still speak of a verdict at an entry's index. Whoever has a key that
 * was taken back must neither stand behind a verdict nor make its evidence bad, so it is a notice.
 */
function mayAnswer(draft: ReplayDraft, { index, line }: OpenedEntry, seat: Seat): boolean {
  const { builder, publicKey } = seat;
  try {
    checkKeyAt(draft.history, { builder, publicKey, logIndex: index, at: null });
    return true;
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    draft.find('answer-void', `its answer to the verdict counts no more: ${error.message}`, {
      line,
      index,
    });
    return false;
  }
}

function isSameKey(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
