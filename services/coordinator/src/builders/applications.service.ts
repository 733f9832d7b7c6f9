import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsNull, LessThan, type DataSource, type EntityManager } from 'typeorm';
import { newestKeys } from '#libs/attestation';
import type { BuilderStatus, Enrol, Enrolled } from '#libs/contracts';
import { BuilderEntity, logSize } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import type { Config } from '../config.js';
import { KeyBookService } from '../keys/key-book.service.js';
import { refuseIdle } from '../keys/key-writer.service.js';
import { CONFIG } from '../tokens.js';
import { AdmissionService } from './admission.service.js';
import { forbiddenEvent } from './builder-problems.js';
import { isServing, statusAfter } from './builder-status.js';
import { InvitesService } from './invites.service.js';
import { readOfferedBuilder, type OfferedBuilder } from './offered-builder.js';
import { lockRegistry } from './registry-lock.js';

/** Strangers' applications that wait at one time: a group reads no more. An invite needs no place. */
const MAX_WAITING = 1_000;
/** Days after which an application that nobody approved is forgotten. */
const WAITING_DAYS = 14;
const DAY_MS = 86_400_000;

const RESUME =
  '`builder resume ID --coordinator URL --operator-key FILE`; where the group did it only the group resumes it';

const NEXT: Readonly<Record<BuilderStatus, string>> = {
  applied: 'the group has to approve it: `builder approve ID`',
  active: 'start the agent: `builder run`',
  paused: `it is paused: ${RESUME}`,
  draining: `it finishes what it has, and retires; to keep it: ${RESUME}`,
  retired: 'it has retired: `builder enroll --coordinator URL` asks again',
  revoked: 'it was revoked for ever',
};

/** Takes builders' applications. Nothing of them is logged before somebody approved them. */
@Injectable()
export class ApplicationsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly book: KeyBookService,
    private readonly invites: InvitesService,
    private readonly admission: AdmissionService,
  ) {}

  /**
   * Keeps an application, in the place of an older one of the same builder; with an invite, which it
   * uses up, the builder is approved at once. The same again has the same answer.
   *
   * @throws ProblemError application-unusable, application-outdated, too-many-applications,
   *   invite-unusable, builder-status, tags-approved, and what a key record is refused with
   */
  async take(enrol: Enrol): Promise<Enrolled> {
    const now = new Date();
    const offered = readOfferedBuilder(enrol, this.config.LOG_ORIGIN, now);
    const { builder } = offered.application;
    const status =
      enrol.invite === undefined
        ? await this.dataSource.transaction((manager) => this.keep(manager, offered, true, now))
        : await this.letIn(enrol.invite, offered, now);
    return { builder, status, next: NEXT[status].replace('ID', builder) };
  }

  private async letIn(invite: string, offered: OfferedBuilder, now: Date): Promise<BuilderStatus> {
    const { builder } = offered.application;
    return this.admission.change(async (manager) => {
      const status = await this.keep(manager, offered, false, now);
      const { operator } = offered.enrolment;
      const id = await this.invites.use(manager, invite, { builder, operator, now });
      // Sent again because the answer was lost: what came of it then still holds.
      if (status !== 'applied') return status;
      return this.admission.approve(manager, builder, { invite: id, now });
    });
  }

  private async keep(
    manager: EntityManager,
    offered: OfferedBuilder,
    isBounded: boolean,
    now: Date,
  ): Promise<BuilderStatus> {
    await lockRegistry(manager);
    const { application, enrolment, record } = offered;
    const id = application.builder;
    const found = await manager.findOneBy(BuilderEntity, { id });
    const status = statusOf(found, application.builder);
    if (found !== null && isRepeated(found, offered)) return found.status;
    await this.requireFitKeys(manager, offered);
    if (found !== null && isServing(found.status)) requireTags(found, application.tags);
    if (found === null && isBounded) await requireRoom(manager, now);
    const { operator, keys } = enrolment;
    const own = {
      ...{ capabilities: application.capabilities, tags: application.tags },
      ...{ contact: application.contact, signedAt: new Date(application.at) },
      agentVersion: application.capabilities.agentVersion,
    };
    if (found !== null && isServing(found.status)) {
      await manager.update(BuilderEntity, { id }, own);
      return found.status;
    }
    await manager.save(BuilderEntity, {
      ...{ id, ...own, status, statusReason: null, statusBy: null },
      ...{ publicKey: keys.attestation, natsPublicKey: keys.nats, appliedAt: now },
      ...{ operator: operator.id, operatorLabel: operator.name },
      ...{ operatorPublicKey: operator.publicKey, enrolment: JSON.stringify(record.envelope) },
    });
    return status;
  }

  /** What could never be approved is told at once, and to whoever can mend it. */
  private async requireFitKeys(
    manager: EntityManager,
    { record, enrolment: { builder, operator, keys } }: OfferedBuilder,
  ): Promise<void> {
    const history = await this.book.read(manager);
    const life = newestKeys(history, builder);
    if (life === null) {
      refuseIdle(history, record, await logSize(manager));
      return;
    }
    const isSame =
      life.operator.publicKey === operator.publicKey &&
      life.keys.attestation === keys.attestation &&
      life.keys.nats === keys.nats &&
      life.revocations.length === 0;
    if (isSame) return;
    throw new ProblemError(
      HttpStatus.CONFLICT,
      'known-key',
      `other keys, or another operator, are logged of builder ${builder}: send the record that brought the keys which it has now, such as its rotation, with \`builder enroll --enrolment FILE\``,
    );
  }
}

/** @throws ProblemError builder-status */
function statusOf(found: BuilderEntity | null, builder: string): BuilderStatus {
  if (found === null) return 'applied';
  const next = statusAfter(found.status, 'apply');
  if (next === null) throw forbiddenEvent(builder, found.status, 'apply');
  return next;
}

/** @throws ProblemError application-outdated */
function isRepeated(found: BuilderEntity, { application, record }: OfferedBuilder): boolean {
  const signedAt = Date.parse(application.at);
  if (signedAt > found.signedAt.getTime()) return false;
  const isSame =
    signedAt === found.signedAt.getTime() &&
    found.status !== 'retired' &&
    found.enrolment === JSON.stringify(record.envelope);
  if (isSame) return true;
  throw new ProblemError(
    HttpStatus.CONFLICT,
    'application-outdated',
    `builder ${found.id} signed a later application at ${found.signedAt.toISOString()}: sign a new one`,
  );
}

/** Tags are what the group was shown when it approved; rounds are filled by them. */
function requireTags(found: BuilderEntity, tags: readonly string[]): void {
  if (found.tags.length === tags.length && tags.every((tag) => found.tags.includes(tag))) return;
  throw new ProblemError(
    HttpStatus.CONFLICT,
    'tags-approved',
    `builder ${found.id} was approved with the tags ${found.tags.join(', ') || '(none)'}: retire it and enrol it again to have others`,
  );
}

async function requireRoom(manager: EntityManager, now: Date): Promise<void> {
  const strangers = { status: 'applied', approvedAt: IsNull() } as const;
  const outdated = new Date(now.getTime() - WAITING_DAYS * DAY_MS);
  await manager.delete(BuilderEntity, { ...strangers, appliedAt: LessThan(outdated) });
  const waiting = await manager.countBy(BuilderEntity, strangers);
  if (waiting < MAX_WAITING) return;
  throw new ProblemError(
    HttpStatus.TOO_MANY_REQUESTS,
    'too-many-applications',
    `${waiting} applications wait to be approved, and no more are kept: ask the group for an invite, which needs no place among them`,
  );
}
