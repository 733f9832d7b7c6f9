import type { SelectQueryBuilder } from 'typeorm';
import type { InviteStatus, InviteView } from '#libs/contracts';
import type { BuilderInviteEntity } from '#libs/persistence';

/** How an invite stands at a moment. Who came in by it came in: no other word is said of it then. */
export function inviteStatus(
  { usedBy, withdrawnAt, expiresAt }: BuilderInviteEntity,
  now: Date,
): InviteStatus {
  if (usedBy !== null) return 'used';
  if (withdrawnAt !== null) return 'withdrawn';
  return expiresAt > now ? 'open' : 'expired';
}

/** An invite as the group sees it. */
export function inviteView(row: BuilderInviteEntity, now: Date): InviteView {
  const { id, label, operatorPublicKey, expiresAt, usedBy } = row;
  return {
    ...{ id, status: inviteStatus(row, now), label, operatorKey: operatorPublicKey },
    ...{ expiresAt: expiresAt.toISOString(), usedBy },
  };
}

const UNUSED = 'invite.usedBy IS NULL';
const KEPT = `${UNUSED} AND invite.withdrawnAt IS NULL`;
const STANDING: Readonly<Record<InviteStatus, string>> = {
  open: `${KEPT} AND invite.expiresAt > :now`,
  used: 'invite.usedBy IS NOT NULL',
  withdrawn: `${UNUSED} AND invite.withdrawnAt IS NOT NULL`,
  expired: `${KEPT} AND invite.expiresAt <= :now`,
};

/** Leaves of a query on `invite` those that stand so: the same as {@link inviteStatus}. */
export function whereStatus(
  query: SelectQueryBuilder<BuilderInviteEntity>,
  status: InviteStatus,
  now: Date,
): SelectQueryBuilder<BuilderInviteEntity> {
  return query.andWhere(`(${STANDING[status]})`, { now });
}
