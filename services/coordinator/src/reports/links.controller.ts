import { Controller, Get, Param } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Sha256Text } from '#libs/attestation';
import { ROUTES, type RoundLinks } from '#libs/contracts';
import { LinkEntity } from '#libs/persistence';
import { ZodPipe } from '#libs/platform';

/** Results in the old form of in-toto. They are beside the log: each says again what a logged result says. */
@Controller(ROUTES.rounds)
export class LinksController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The links that came with a round's results, by builder. */
  @Get(':round/links')
  async links(@Param('round', new ZodPipe(Sha256Text)) round: string): Promise<RoundLinks> {
    const rows = await this.dataSource.manager.find(LinkEntity, {
      where: { round },
      order: { builder: 'ASC' },
    });
    return {
      links: rows.map(({ builder, body }) => ({
        builder,
        link: JSON.parse(body) as Record<string, unknown>,
      })),
    };
  }
}
