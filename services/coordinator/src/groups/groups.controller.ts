import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { GroupId } from '#libs/attestation';
import {
  GroupRoundsQuery,
  PutGroup,
  ROUTES,
  type Group,
  type GroupList,
  type GroupRounds,
} from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { Access } from '../access/access.decorator.js';
import { GroupReportsService } from './group-reports.service.js';
import { GroupsService } from './groups.service.js';

/** Operators who publish together. */
@Controller(ROUTES.groups)
export class GroupsController {
  constructor(
    private readonly groups: GroupsService,
    private readonly reports: GroupReportsService,
  ) {}

  @Get()
  list(): Promise<GroupList> {
    return this.groups.list();
  }

  @Get(':group')
  one(@Param('group', new ZodPipe(GroupId)) group: string): Promise<Group> {
    return this.groups.find(group);
  }

  /** Rounds that were opened for it, with what they came to for it alone. */
  @Get(':group/rounds')
  rounds(
    @Param('group', new ZodPipe(GroupId)) group: string,
    @Query(new ZodPipe(GroupRoundsQuery)) { limit, before }: GroupRoundsQuery,
  ): Promise<GroupRounds> {
    return this.reports.ofGroup(group, limit, before);
  }

  @Put(':group')
  @Access('admin')
  @HttpCode(200)
  put(
    @Param('group', new ZodPipe(GroupId)) group: string,
    @Body(new ZodPipe(PutGroup)) request: PutGroup,
  ): Promise<Group> {
    return this.groups.put(group, request);
  }

  @Delete(':group')
  @Access('admin')
  remove(@Param('group', new ZodPipe(GroupId)) group: string): Promise<Group> {
    return this.groups.remove(group);
  }
}
