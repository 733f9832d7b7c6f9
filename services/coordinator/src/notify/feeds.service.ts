import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { News } from '#libs/contracts';
import { NewsEntity } from '#libs/persistence';

/** News in one feed. */
const IN_FEED = 50;
/** Rounds of a builder, or of a group, that its feed looks at. */
const NEWEST_ROUNDS = 100;

/** Reads news for feeds, newest first. */
@Injectable()
export class FeedsService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  all(): Promise<readonly News[]> {
    return this.newest({});
  }

  divergences(): Promise<readonly News[]> {
    return this.newest({ type: 'divergence.found' });
  }

  /** What is new in the rounds that a builder was asked in last, but for what is about another builder. */
  async ofBuilder(builder: string): Promise<readonly News[]> {
    const rows = await this.dataSource.query<Pick<NewsEntity, 'body'>[]>(
      `SELECT news."body" FROM (
         SELECT "round" FROM "round_builder" WHERE "builder" = $1
         ORDER BY "invited_at" DESC LIMIT ${NEWEST_ROUNDS}) AS asked
       JOIN "news" ON news."round" = asked."round"
       WHERE news."builder" IS NULL OR news."builder" = $1
       ORDER BY news."position" DESC LIMIT ${IN_FEED}`,
      [builder],
    );
    return rows.map(({ body }) => News.parse(body));
  }

  /** What is new in the rounds that were opened for a group last. */
  async ofGroup(group: string): Promise<readonly News[]> {
    const rows = await this.dataSource.query<Pick<NewsEntity, 'body'>[]>(
      `SELECT news."body" FROM (
         SELECT "id" FROM "round" WHERE "open" -> 'groups' @> $1::jsonb
         ORDER BY "opened_at" DESC LIMIT ${NEWEST_ROUNDS}) AS held
       JOIN "news" ON news."round" = held."id"
       ORDER BY news."position" DESC LIMIT ${IN_FEED}`,
      [JSON.stringify([{ group }])],
    );
    return rows.map(({ body }) => News.parse(body));
  }

  private async newest(where: Partial<Pick<NewsEntity, 'type'>>): Promise<readonly News[]> {
    const rows = await this.dataSource.getRepository(NewsEntity).find({
      ...{ where, order: { position: 'DESC' }, take: IN_FEED },
    });
    return rows.map(({ body }) => News.parse(body));
  }
}
