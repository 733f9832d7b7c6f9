/** One kept file, and the round that it is of. */
export interface KeptFile {
  readonly round: string;
  readonly path: string;
  /** What it takes on the disk, holes not counted. */
  readonly sizeBytes: number;
}

/**
 * Chooses which files have to go, so that the rest takes no more than `budgetBytes`. `files` are those
 * of the newest round first. Older ones go before newer ones: from the round on in which one does not
 * fit any more, all of the older rounds go as well, and of that round what does not fit. What lies in
 * a round of `inUse` stays in any case, and counts.
 */
export function chooseDropped(
  files: readonly KeptFile[],
  budgetBytes: number,
  inUse: ReadonlySet<string>,
): readonly KeptFile[] {
  let leftBytes = budgetBytes;
  for (const { round, sizeBytes } of files) if (inUse.has(round)) leftBytes -= sizeBytes;
  let fullFrom: string | null = null;
  return files.filter(({ round, sizeBytes }) => {
    if (inUse.has(round)) return false;
    if (sizeBytes <= leftBytes && (fullFrom === null || fullFrom === round)) {
      leftBytes -= sizeBytes;
      return false;
    }
    fullFrom ??= round;
    return true;
  });
}

/**
 * Chooses which files have to go, so that `missingBytes` more are free: the oldest, and no more than it
 * takes; none at all where all of them would not be enough. `files` are those of the newest round first.
 */
export function chooseForRoom(
  files: readonly KeptFile[],
  missingBytes: number,
  inUse: ReadonlySet<string>,
): readonly KeptFile[] {
  let leftBytes = missingBytes;
  const chosen = files
    .filter(({ round }) => !inUse.has(round))
    .toReversed()
    .filter(({ sizeBytes }) => {
      const isNeeded = leftBytes > 0;
      if (isNeeded) leftBytes -= sizeBytes;
      return isNeeded;
    });
  return leftBytes > 0 ? [] : chosen;
}
