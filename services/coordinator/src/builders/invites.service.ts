import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LessThan, type DataSource, type EntityManager } from 'typeorm';
import { publicKeyFromText, type Operator } from '#libs/attestation';
import type { Invite, MakeInvite } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { BuilderInviteEntity } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { AdminActs } from '../access/admin-acts.service.js';
import { LogService } from '../log/log.service.js';
import { inviteDigest, inviteId, makeInviteText } from './invite-text.js';

/** Invites that can be open at one time. */
const MAX_OPEN = 10_000;
/** How long an invite that is void is remembered, for whoever asks why. */
const KEPT_MS = 30 * 86_400_000;

/** Who comes in by an invite. */
export interface Comer {
  readonly builder: string;
  readonly operator: Operator;
  readonly now: Date;
}

/** One-time words by which a group lets builders in beforehand. */
@Injectable()
export class InvitesService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly acts: AdminActs,
    private readonly log: LogService,
  ) {}

  /**
   * Makes an invite. Its secret is in the answer and nowhere else.
   *
   * @throws ProblemError too-many-invites; AttestationError for an operator's key that is none
   */
  async make({ seconds, label, operatorKey }: MakeInvite): Promise<Invite> {
    const operatorPublicKey =
      operatorKey === undefined ? null : toBase64(publicKeyFromText(operatorKey));
    const [invite, now] = [makeInviteText(), new Date()];
    const id = inviteId(invite);
    const expiresAt = new Date(now.getTime() + seconds * 1000);
    await this.dataSource.transaction(async (manager) => {
      await requireRoom(manager, now);
      await manager.insert(BuilderInviteEntity, {
        ...{ id, sha256: inviteDigest(invite), label: label ?? null, usedBy: null },
        ...{ operatorPublicKey, expiresAt },
      });
      const detail = { expiresAt: expiresAt.toISOString(), operatorKey: operatorPublicKey };
      await this.acts.record(manager, { act: 'invite-make', subject: `invite/${id}`, detail });
    });
    await this.log.publish();
    return { id, invite, expiresAt: expiresAt.toISOString() };
  }

  /**
   * Uses an invite up for one builder, in the caller's transaction: of many that come at once one gets
   * in. The same builder may come again. Gives the invite's id.
   *
   * @throws ProblemError invite-unusable
   */
  async use(
    manager: EntityManager,
    invite: string,
    { builder, operator, now }: Comer,
  ): Promise<string> {
    const id = inviteId(invite);
    const used = await manager.query<[unknown[], number]>(
      `UPDATE "builder_invite" SET "used_by" = $3
       WHERE "id" = $1 AND "sha256" = $2
         AND ("used_by" = $3 OR "used_by" IS NULL AND "expires_at" > $4)
         AND coalesce("operator_public_key", $5) = $5 RETURNING "id"`,
      [id, inviteDigest(invite), builder, now, operator.publicKey],
    );
    if (used[0].length > 0) return id;
    // One answer for all: whoever guesses or has stolen one learns nothing of it.
    throw new ProblemError(
      HttpStatus.FORBIDDEN,
      'invite-unusable',
      `invite ${id} is not known, was used, has expired, or is for another operator: ask the group for another, or enrol without one`,
    );
  }
}

async function requireRoom(manager: EntityManager, now: Date): Promise<void> {
  const forgotten = new Date(now.getTime() - KEPT_MS);
  await manager.delete(BuilderInviteEntity, { expiresAt: LessThan(forgotten) });
  if ((await manager.count(BuilderInviteEntity)) < MAX_OPEN) return;
  throw new ProblemError(
    HttpStatus.TOO_MANY_REQUESTS,
    'too-many-invites',
    `${MAX_OPEN} invites are kept, and no more: wait until some have been void for 30 days`,
  );
}
