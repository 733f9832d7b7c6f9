import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import type { Actor, BuilderOrder, BuilderOrderKind } from '#libs/attestation';
import type { Ordered, SignedOrder } from '#libs/contracts';
import { BuilderEntity, BuilderOrderEntity } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { AdminActs } from '../access/admin-acts.service.js';
import type { Config } from '../config.js';
import { keyProblem } from '../keys/key-problems.js';
import { KeyWriterService } from '../keys/key-writer.service.js';
import { readOffered, type OfferedRecord } from '../keys/offered-record.js';
import { CONFIG } from '../tokens.js';
import { AdmissionService } from './admission.service.js';
import { forbiddenEvent, noSuchBuilder } from './builder-problems.js';
import { isServing, statusAfter, type BuilderEvent } from './builder-status.js';
import { ORDER_WINDOW_MS, orderUnusable, readSignedOrder } from './signed-order.js';

/** What happens to a builder, and why. */
interface Event {
  readonly event: BuilderEvent & (BuilderOrderKind | 'finish');
  readonly reason: string | null;
  readonly by: 'group' | 'operator' | 'coordinator';
  /** Null for whoever the request is from, and for the coordinator outside of one. */
  readonly actor: Actor | null;
}

const FINISH = { event: 'finish', reason: 'nothing left to do' } as const;

/** Carries out what is ordered of builders, by their group or by their operator. */
@Injectable()
export class OrdersService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly acts: AdminActs,
    private readonly keys: KeyWriterService,
    private readonly admission: AdmissionService,
  ) {}

  /**
   * Carries out an order of somebody with a token.
   *
   * @throws ProblemError no-such-builder, builder-status
   */
  async order(builder: string, event: BuilderOrderKind, reason: string | null): Promise<Ordered> {
    return this.admission.change((manager) =>
      this.apply(manager, builder, { event, reason, by: 'group', actor: null }),
    );
  }

  /**
   * Carries out an operator's signed order about a builder of its own; with a revocation the record
   * about its key is logged as well, both or neither.
   *
   * @throws ProblemError order-unusable, order-replayed, no-such-builder, builder-status, and what a
   *   key record is refused with
   */
  async obey({ order: envelope, revocation }: SignedOrder): Promise<Ordered> {
    const now = new Date();
    const order = readSignedOrder(envelope, this.config.LOG_ORIGIN, now);
    const record = revocation === undefined ? null : readRevocation(order, readOffered(revocation));
    const actor = { kind: 'operator', id: order.operator.id } as const;
    return this.admission.change(async (manager) => {
      await requireOwn(manager, order);
      await useUp(manager, order, now);
      if (record !== null) await this.keys.append(manager, record, 'operator', now);
      return this.apply(manager, order.builder, {
        ...{ event: order.order, reason: order.reason, by: 'operator', actor },
      });
    });
  }

  /** Retires a builder that drains, unless it has something to do after all. */
  async finish(
    builder: string,
    isIdle: (manager: EntityManager) => Promise<boolean>,
  ): Promise<void> {
    await this.admission.change(async (manager) => {
      // Asked once more under the lock: a round may have been opened meanwhile.
      if (!(await isIdle(manager))) return;
      await this.apply(manager, builder, { ...FINISH, by: 'coordinator', actor: null });
    });
  }

  private async apply(
    manager: EntityManager,
    builder: string,
    { event, reason, by, actor }: Event,
  ): Promise<Ordered> {
    const row = await manager.findOneBy(BuilderEntity, { id: builder });
    if (row === null) throw noSuchBuilder(builder);
    const status = statusAfter(row.status, event);
    if (status === null) throw forbiddenEvent(builder, row.status, event);
    if (status === row.status) return { builder, status, isChanged: false };
    if (by === 'operator' && event === 'resume' && row.statusBy === 'group') {
      throw orderUnusable(`the group has it ${row.status}, and only the group takes that back`);
    }
    if (status === 'retired' && row.approvedAt === null) {
      // Nobody ever had it: what a stranger sent is not kept.
      await manager.delete(BuilderEntity, { id: builder });
    } else {
      const isNatsDue = row.isNatsDue || isServing(row.status) !== isServing(status);
      await manager.update(
        BuilderEntity,
        { id: builder },
        { status, statusReason: reason, statusBy: by, isNatsDue },
      );
    }
    const recorded = {
      act: `builder-${event}`,
      subject: `builder/${builder}`,
      detail: { from: row.status, to: status, reason },
    };
    if (actor === null) await this.acts.record(manager, recorded);
    else await this.acts.record(manager, recorded, actor);
    return { builder, status, isChanged: true };
  }
}

/** Only a revocation comes along, of the same builder by the same operator. */
function readRevocation(order: BuilderOrder, record: OfferedRecord): OfferedRecord {
  if (order.order !== 'revoke' || record.event.kind !== 'revocation') {
    throw orderUnusable(`a record of kind ${record.event.kind} does not go with ${order.order}`);
  }
  if (record.builder !== order.builder)
    throw keyProblem('foreign-builder', 'two builders are meant');
  if (record.operator.publicKey !== order.operator.publicKey) {
    throw keyProblem('foreign-operator', 'two operators are meant');
  }
  return record;
}

async function requireOwn(
  manager: EntityManager,
  { builder, operator }: BuilderOrder,
): Promise<void> {
  const row = await manager.findOneBy(BuilderEntity, { id: builder });
  if (row === null) throw noSuchBuilder(builder);
  // Before its approval nobody has said whose it is, and anybody can name any operator's id.
  if (row.approvedAt === null) {
    throw orderUnusable(`builder ${builder} is not approved yet, and until then the group's alone`);
  }
  if (row.operatorPublicKey !== operator.publicKey) {
    throw orderUnusable(`builder ${builder} is not operator ${operator.id}'s`);
  }
}

/** Remembers an order for as long as its time would fit: what is older is refused by its time. */
async function useUp(manager: EntityManager, order: BuilderOrder, now: Date): Promise<void> {
  const outdated = new Date(now.getTime() - 2 * ORDER_WINDOW_MS);
  await manager.delete(BuilderOrderEntity, { signedAt: LessThan(outdated) });
  const { id: operator } = order.operator;
  const { nonce } = order;
  if (await manager.existsBy(BuilderOrderEntity, { operator, nonce })) {
    throw new ProblemError(
      HttpStatus.CONFLICT,
      'order-replayed',
      `order ${nonce} of operator ${operator} was carried out before: sign a new one`,
    );
  }
  await manager.insert(BuilderOrderEntity, { operator, nonce, signedAt: new Date(order.at) });
}
