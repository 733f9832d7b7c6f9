/** What a person with paper and pencil keeps of one round. */
export interface RoundModel {
  isInvited: boolean;
  isBuilt: boolean;
  isClosed: boolean;
  hasCommitReceipt: boolean;
  /** The log contradicted itself, or what was seen of it. */
  isDoubted: boolean;
  /** The log's word was seen: commit and close stand in it. */
  isShown: boolean;
  hasResultReceipt: boolean;
  isDecided: boolean;
}

export interface Model {
  readonly isBlind: boolean;
  readonly isWitnessed: boolean;
  readonly rounds: readonly RoundModel[];
}

/** A round that nobody told of. */
export function unheard(): RoundModel {
  return {
    ...{ isInvited: false, isBuilt: false, isClosed: false, hasCommitReceipt: false },
    ...{ isDoubted: false, isShown: false, hasResultReceipt: false, isDecided: false },
  };
}

/** Whether it was closed before it was built: it is not built any more. */
export function isDropped({ isInvited, isClosed, isBuilt }: RoundModel): boolean {
  return isInvited && isClosed && !isBuilt;
}

/** What waits for a receipt, and is sent until there is one. */
export function unreceipted({ isBlind, rounds }: Model): readonly string[] {
  return rounds.flatMap((round, at) => {
    if (!round.isBuilt) return [];
    if (!round.hasCommitReceipt) return [`commit ${at}`];
    return !round.hasResultReceipt && (round.isShown || !isBlind) ? [`result ${at}`] : [];
  });
}

/** Whether the log's word is what it waits for. */
export function isWaiting({ isBlind }: Model, round: RoundModel): boolean {
  return isBlind && round.isBuilt && round.hasCommitReceipt && round.isClosed && !round.isShown;
}

/** What stands on the disk of an agent that was told of the round; null where it was not. */
export function onPaper(round: RoundModel): object | null {
  if (!round.isInvited) return null;
  // Of a build that failed at once there is no log to show.
  return { ...round, log: round.hasResultReceipt ? 'not-kept' : 'not-revealed' };
}
