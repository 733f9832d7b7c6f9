import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import {
  InviteId,
  InviteListQuery,
  MakeInvite,
  ROUTES,
  type Invite,
  type InviteList,
  type InviteView,
} from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { Access } from '../access/access.decorator.js';
import { InvitesService } from './invites.service.js';

/** Words that let builders in. Whom a group expects is nobody else's business: these reads are not public. */
@Controller(ROUTES.invites)
export class InvitesController {
  constructor(private readonly invites: InvitesService) {}

  /** Makes an invite. */
  @Post()
  @Access('builders')
  make(@Body(new ZodPipe(MakeInvite)) asked: MakeInvite): Promise<Invite> {
    return this.invites.make(asked);
  }

  /** Lists invites by id. */
  @Get()
  @Access('builders')
  list(@Query(new ZodPipe(InviteListQuery)) query: InviteListQuery): Promise<InviteList> {
    return this.invites.list(query);
  }

  /** Takes an invite back. */
  @Delete(':id')
  @Access('builders')
  withdraw(@Param('id', new ZodPipe(InviteId)) id: string): Promise<InviteView> {
    return this.invites.withdraw(id);
  }
}
