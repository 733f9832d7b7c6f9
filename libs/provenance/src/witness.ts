import type { toSignedEntity } from '@sigstore/verify';
import type { TrustedRoot } from './trusted-root.js';
import type { Witness } from './verdict.js';

type SignedEntity = ReturnType<typeof toSignedEntity>;

/** When the signature was seen, as its witnesses say; believed only once they are verified. */
export function witnessTimes({ timestamps }: SignedEntity): readonly Date[] {
  return timestamps.flatMap((stamp) => {
    if (stamp.$case === 'timestamp-authority') return [stamp.timestamp.signingTime];
    const { inclusionPromise, integratedTime } = stamp.tlogEntry;
    // Only a promise signs the time of an entry.
    return inclusionPromise === undefined ? [] : [new Date(Number(integratedTime) * 1000)];
  });
}

/** Tells whether a log's key was in use at all of these times; a proof alone does not say so. */
export function isInUse(root: TrustedRoot, logId: Buffer, times: readonly Date[]): boolean {
  return root.material.tlogs.some(
    ({ logID, validFor }) =>
      logID.equals(logId) && times.every((at) => validFor.start <= at && at <= validFor.end),
  );
}

/** Names the witness of a verified bundle. */
export function readWitness(root: TrustedRoot, entity: SignedEntity): Witness {
  const at = new Date(Math.min(...witnessTimes(entity).map(Number))).toISOString();
  const [entry] = entity.tlogEntries;
  if (entry === undefined) return { kind: 'timestamp-authority', at };
  const log = root.material.tlogs.find(({ logID }) => logID.equals(entry.logId.keyId));
  return { kind: 'transparency-log', at, log: log?.baseURL ?? '', index: entry.logIndex };
}
