import { Controller, Get, Query } from '@nestjs/common';
import { AuditQuery, ROUTES, type AuditList } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { AdminActs } from './admin-acts.service.js';

/** What people with the right to it had this coordinator do, for everybody to read. */
@Controller(ROUTES.audit)
export class AuditController {
  constructor(private readonly acts: AdminActs) {}

  /** Lists administrative acts in log order. */
  @Get()
  list(@Query(new ZodPipe(AuditQuery)) { after, limit }: AuditQuery): Promise<AuditList> {
    return this.acts.list(after, limit);
  }
}
