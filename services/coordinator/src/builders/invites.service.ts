import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LessThan, type DataSource, type EntityManager } from 'typeorm';
import { publicKeyFromText, type Operator } from '#libs/attestation';
import {
  inviteId,
  type Invite,
  type InviteList,
  type InviteListQuery,
  type InviteView,
  type MakeInvite,
} from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { BuilderInviteEntity, lockLog } from '#libs/persistence';
import { AdminActs } from '../access/admin-acts.service.js';
import { LogService } from '../log/log.service.js';
import { inviteUnusable, inviteUsed, noSuchInvite, tooManyInvites } from './invite-problems.js';
import { inviteDigest, makeInviteText } from './invite-text.js';
import { inviteStatus, inviteView, whereStatus } from './invite-view.js';

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
        ...{ operatorPublicKey, expiresAt, withdrawnAt: null },
      });
      const detail = { expiresAt: expiresAt.toISOString(), operatorKey: operatorPublicKey };
      await this.acts.record(manager, { act: 'invite-make', subject: `invite/${id}`, detail });
    });
    await this.log.publish();
    return { id, invite, expiresAt: expiresAt.toISOString() };
  }

  /** Gives one page of invites, by id; `next` is null at the end. */
  async list({ limit, after, status }: InviteListQuery): Promise<InviteList> {
    const now = new Date();
    const all = this.dataSource
      .createQueryBuilder(BuilderInviteEntity, 'invite')
      .where('invite.id > :after', { after })
      .orderBy('invite.id')
      .limit(limit + 1);
    const rows = await (status === undefined ? all : whereStatus(all, status, now)).getMany();
    const page = rows.slice(0, limit);
    return {
      invites: page.map((row) => inviteView(row, now)),
      next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /**
   * Takes an invite back, on all replicas at once. One that is void already stays as it is.
   *
   * @throws ProblemError no-such-invite, invite-used
   */
  async withdraw(id: string): Promise<InviteView> {
    const now = new Date();
    const { view, isNew } = await this.dataSource.transaction(async (manager) => {
      // Whoever comes in by it holds this lock, too: it is withdrawn before that, or was used.
      await lockLog(manager);
      const row = await manager.findOneBy(BuilderInviteEntity, { id });
      if (row === null) throw noSuchInvite(id);
      if (row.usedBy !== null) throw inviteUsed(id, row.usedBy);
      if (inviteStatus(row, now) !== 'open') return { view: inviteView(row, now), isNew: false };
      row.withdrawnAt = now;
      await manager.save(row);
      await this.acts.record(manager, {
        ...{ act: 'invite-withdraw', subject: `invite/${id}`, detail: {} },
      });
      return { view: inviteView(row, now), isNew: true };
    });
    if (isNew) await this.log.publish();
    return view;
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
         AND ("used_by" = $3 OR "used_by" IS NULL AND "withdrawn_at" IS NULL AND "expires_at" > $4)
         AND coalesce("operator_public_key", $5) = $5 RETURNING "id"`,
      [id, inviteDigest(invite), builder, now, operator.publicKey],
    );
    if (used[0].length > 0) return id;
    throw inviteUnusable(id);
  }
}

async function requireRoom(manager: EntityManager, now: Date): Promise<void> {
  const forgotten = new Date(now.getTime() - KEPT_MS);
  await manager.delete(BuilderInviteEntity, { expiresAt: LessThan(forgotten) });
  if ((await manager.count(BuilderInviteEntity)) < MAX_OPEN) return;
  throw tooManyInvites(MAX_OPEN);
}
