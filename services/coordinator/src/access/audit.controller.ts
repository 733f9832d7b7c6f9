import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { ROUTES, type AuditList } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { AdminActs } from './admin-acts.service.js';

const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** The `next` of the page before. */
  after: z.coerce.number().int().min(-1).default(-1),
});

/** What people with the right to it had this coordinator do, for everybody to read. */
@Controller(ROUTES.audit)
export class AuditController {
  constructor(private readonly acts: AdminActs) {}

  /** Lists administrative acts in log order. */
  @Get()
  list(
    @Query(new ZodPipe(ListQuery)) { after, limit }: z.infer<typeof ListQuery>,
  ): Promise<AuditList> {
    return this.acts.list(after, limit);
  }
}
