import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { In, type DataSource, type EntityManager } from 'typeorm';
import type { RoundGroup } from '#libs/attestation';
import type { Group, GroupList, PutGroup } from '#libs/contracts';
import { GroupEntity, lockLog } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { AdminActs } from '../access/admin-acts.service.js';
import { LogService } from '../log/log.service.js';
import { groupOf, neededIn, roundGroupOf } from './group-row.js';

/** Groups are few, and are listed all at once. */
const MAX_GROUPS = 256;

/** Groups of operators. Whoever changes one is told in the log, with what it is from then on. */
@Injectable()
export class GroupsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly acts: AdminActs,
    private readonly log: LogService,
  ) {}

  /** Lists all groups by id. */
  async list(): Promise<GroupList> {
    const rows = await this.dataSource.getRepository(GroupEntity).find({ order: { id: 'ASC' } });
    return { groups: rows.map(groupOf) };
  }

  /** @throws ProblemError no-such-group */
  async find(id: string, manager: EntityManager = this.dataSource.manager): Promise<Group> {
    const row = await manager.findOneBy(GroupEntity, { id });
    if (row === null) throw unknownGroup(id);
    return groupOf(row);
  }

  /**
   * Gives groups as a round that is opened now is opened for them, in the order in which they are named.
   *
   * @throws ProblemError no-such-group
   */
  async forRound(ids: readonly string[]): Promise<readonly RoundGroup[]> {
    const rows = await this.dataSource.manager.findBy(GroupEntity, { id: In([...ids]) });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return [...new Set(ids)].map((id) => {
      const row = byId.get(id);
      if (row === undefined) throw unknownGroup(id);
      return roundGroupOf(row);
    });
  }

  /**
   * Makes a group, or changes it; rounds that were opened for it stay as they are.
   *
   * @throws ProblemError too-many-groups; ConsensusError for a threshold that its members cannot have
   */
  async put(id: string, { name, members, threshold, about }: PutGroup): Promise<Group> {
    neededIn({ members, threshold });
    const row = { id, name, members, threshold, about, updatedAt: new Date() };
    await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      await requireRoom(manager, id);
      await manager.upsert(GroupEntity, row, ['id']);
      const detail = { name, members, threshold };
      await this.acts.record(manager, { act: 'group-set', subject: `group/${id}`, detail });
    });
    await this.log.publish();
    return groupOf(row);
  }

  /**
   * Removes a group; rounds that were opened for it go on telling what it said.
   *
   * @throws ProblemError no-such-group
   */
  async remove(id: string): Promise<Group> {
    const group = await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const found = await this.find(id, manager);
      await manager.delete(GroupEntity, { id });
      await this.acts.record(manager, { act: 'group-remove', subject: `group/${id}`, detail: {} });
      return found;
    });
    await this.log.publish();
    return group;
  }
}

async function requireRoom(manager: EntityManager, id: string): Promise<void> {
  const isKnown = await manager.existsBy(GroupEntity, { id });
  if (isKnown || (await manager.count(GroupEntity)) < MAX_GROUPS) return;
  throw new ProblemError(
    HttpStatus.CONFLICT,
    'too-many-groups',
    `${MAX_GROUPS} groups are kept, and no more: remove one first`,
  );
}

function unknownGroup(id: string): ProblemError {
  return new ProblemError(
    HttpStatus.NOT_FOUND,
    'no-such-group',
    `there is no group ${id} here: \`group list\` shows those that are`,
  );
}
