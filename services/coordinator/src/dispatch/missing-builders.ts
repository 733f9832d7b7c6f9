import type { RoundOpen } from '#libs/attestation';
import type { BuilderView, Replacement } from '#libs/contracts';
import type { RoundBuilderEntity } from '#libs/persistence';

/** A builder's row, and when anything was heard of it outside of the round. */
export type WatchedSeat = Pick<
  RoundBuilderEntity,
  'builder' | 'operator' | 'commitment' | 'declineIndex' | 'invitedAt' | 'lastSeenAt'
>;

/** What silence is measured by, in milliseconds since 1970 and milliseconds. */
export interface Silence {
  readonly now: number;
  readonly openedAt: number;
  readonly vanishedMs: number;
  /** Last heartbeats, by builder. */
  readonly heard: ReadonlyMap<string, number>;
}

/**
 * Says when a builder counts as vanished if nothing more is heard of it; null for one that nobody waits
 * for. One that comes back counts as ever.
 */
export function vanishesAt(
  { builder, commitment, declineIndex, invitedAt, lastSeenAt }: WatchedSeat,
  { openedAt, vanishedMs, heard }: Silence,
): number | null {
  if (commitment !== null || declineIndex !== null) return null;
  const last = Math.max(
    invitedAt?.getTime() ?? openedAt,
    lastSeenAt?.getTime() ?? 0,
    heard.get(builder) ?? 0,
  );
  return last + vanishedMs;
}

/** A builder that a round waits for in vain. */
export interface Missing {
  readonly builder: string;
  readonly operator: string;
  readonly because: Replacement['because'];
}

/** Lists the builders that declined or vanished, in the order of their rows. */
export function missingBuilders(
  seats: readonly WatchedSeat[],
  silence: Silence,
): readonly Missing[] {
  return seats.flatMap((seat): readonly Missing[] => {
    const { builder, operator, commitment, declineIndex } = seat;
    if (commitment !== null) return [];
    if (declineIndex !== null) return [{ builder, operator, because: 'declined' }];
    const at = vanishesAt(seat, silence);
    return at !== null && at <= silence.now ? [{ builder, operator, because: 'vanished' }] : [];
  });
}

/**
 * Gives when each builder's agent was heard of last, where it ever was. One that goes by another key than
 * the round invited builds nothing for it: its heartbeats are no sign that anything comes.
 */
export function heardOf(
  views: readonly BuilderView[],
  { roster }: Pick<RoundOpen, 'roster'>,
): ReadonlyMap<string, number> {
  const invited = roster.flatMap(({ builders }) => builders);
  const keys = new Map(invited.map(({ builder, publicKey }) => [builder, publicKey]));
  return new Map(
    views.flatMap(({ builder, publicKey, lastSeenAt }) =>
      lastSeenAt === null || publicKey !== keys.get(builder)
        ? []
        : [[builder, Date.parse(lastSeenAt)] as const],
    ),
  );
}
