import type { EntityManager } from 'typeorm';
import {
  invitedKey,
  openEnvelope,
  parseEnvelope,
  parseStatement,
  readReveal,
  type Reveal,
  type RoundOpen,
} from '#libs/attestation';
import { isSufficientlyWitnessed } from '#libs/evidence';
import { LogEntryEntity, readBodies } from '#libs/persistence';

/** Reads what each builder of a round said that it had seen when it showed its result. */
export async function readReveals(
  manager: EntityManager,
  round: string,
  open: RoundOpen,
): Promise<ReadonlyMap<string, Reveal>> {
  const entries = await manager.findBy(LogEntryEntity, { round, kind: 'reveal' });
  if (entries.length === 0) return new Map();
  const bodies = await readBodies(
    manager,
    entries.map(({ envelopeSha256 }) => envelopeSha256),
  );
  return new Map(
    entries.flatMap(({ builder, envelopeSha256 }) => {
      const body = bodies.get(envelopeSha256);
      const key = builder === null ? null : invitedKey(open, builder);
      if (body === undefined || builder === null || key === null) return [];
      // Verified again on every read, as results are: a row that was tampered with vouches for nothing.
      return [[builder, readReveal(parseStatement(openEnvelope(parseEnvelope(body), key)))]];
    }),
  );
}

/** What was shown in a round, and on which sight of the log. */
export interface ShownResults {
  readonly open: RoundOpen;
  /** Null while the round is open. */
  readonly closeIndex: number | null;
  /** Builders whose results count. */
  readonly counted: Iterable<string>;
  readonly reveals: ReadonlyMap<string, Reveal>;
}

/**
 * Tells whether a counted result of a witnessed round was shown without a sufficiently witnessed sight
 * of its close. A round that asks no witness is not told so by a flag: its RoundOpen tells it.
 */
export function isWeaklyWitnessed(
  { open, closeIndex, counted, reveals }: ShownResults,
  origin: string,
): boolean {
  const policy = open.witnessing?.policy;
  if (policy === undefined) return false;
  // One that counts before a close was shown in a round that is not blind.
  const minSize = (closeIndex ?? Number.MAX_SAFE_INTEGER - 1) + 1;
  // Builders that were shown the same checkpoint are the rule, and each costs a signature per witness.
  const notes = new Set([...counted].map((builder) => reveals.get(builder)?.checkpoint));
  return [...notes].some((note) => {
    return note === undefined || !isSufficientlyWitnessed({ note, policy, origin, minSize });
  });
}
