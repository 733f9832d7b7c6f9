import { Body, Controller, HttpStatus, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Enrol, ROUTES, type Enrolled } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { SignedBody } from '../access/access.decorator.js';
import { ApplicationsService } from './applications.service.js';

/** Where builders ask to join. */
@Controller(ROUTES.enrolments)
export class EnrolmentsController {
  constructor(private readonly applications: ApplicationsService) {}

  /** Keeps an application (202), or lets the builder in at once by an invite (200). */
  @Post()
  @SignedBody()
  async take(
    @Body(new ZodPipe(Enrol)) enrol: Enrol,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Enrolled> {
    const enrolled = await this.applications.take(enrol);
    // A reply can be waited for: until it was sent, which is after this returns.
    void reply.status(enrolled.status === 'applied' ? HttpStatus.ACCEPTED : HttpStatus.OK);
    return enrolled;
  }
}
