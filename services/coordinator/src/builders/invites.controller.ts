import { Body, Controller, Post } from '@nestjs/common';
import { MakeInvite, ROUTES, type Invite } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { Access } from '../access/access.decorator.js';
import { InvitesService } from './invites.service.js';

/** Where the group gets words that let builders in. */
@Controller(ROUTES.invites)
export class InvitesController {
  constructor(private readonly invites: InvitesService) {}

  /** Makes an invite. */
  @Post()
  @Access('builders')
  make(@Body(new ZodPipe(MakeInvite)) asked: MakeInvite): Promise<Invite> {
    return this.invites.make(asked);
  }
}
