import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { News } from '#libs/contracts';
import { NewsEntity } from '#libs/persistence';

/** News in one feed. */
const IN_FEED = 50;
/** Rounds of a builder, or of a group, that its feed looks at. */
const NEWEST_ROUNDS = 100;

/** News of the rounds that a builder was asked in last, by its id; each round's are looked up. */
export const OF_BUILDER = `
  SELECT told."body" FROM (
    SELECT "round" FROM "round_builder" WHERE "builder" = $1
    ORDER BY "invited_at" DESC LIMIT ${NEWEST_ROUNDS}) AS asked
  CROSS JOIN LATERAL (
    SELECT "body", "position" FROM "news"
    WHERE "round" = asked."round" AND ("builder" IS NULL OR "builder" = $1)
    ORDER BY "position" DESC LIMIT ${IN_FEED}) AS told
  ORDER BY told."position" DESC LIMIT ${IN_FEED}`;

/** News of the rounds that were opened for a group last, by a list with the group in it. */
export const OF_GROUP = `
  SELECT told."body" FROM (
    SELECT "id" FROM "round" WHERE "open" -> 'groups' @> $1::jsonb
    ORDER BY "opened_at" DESC LIMIT ${NEWEST_ROUNDS}) AS held
  CROSS JOIN LATERAL (
    SELECT "body", "position" FROM "news" WHERE "round" = held."id"
    ORDER BY "position" DESC LIMIT ${IN_FEED}) AS told
  ORDER BY told."position" DESC LIMIT ${IN_FEED}`;

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
    const rows = await this.dataSource.query<Pick<NewsEntity, 'body'>[]>(OF_BUILDER, [builder]);
    return rows.map(({ body }) => News.parse(body));
  }

  /** What is new in the rounds that were opened for a group last. */
  async ofGroup(group: string): Promise<readonly News[]> {
    const rows = await this.dataSource.query<Pick<NewsEntity, 'body'>[]>(OF_GROUP, [
      JSON.stringify([{ group }]),
    ]);
    return rows.map(({ body }) => News.parse(body));
  }

  private async newest(where: Partial<Pick<NewsEntity, 'type'>>): Promise<readonly News[]> {
    const rows = await this.dataSource.getRepository(NewsEntity).find({
      ...{ where, order: { position: 'DESC' }, take: IN_FEED },
    });
    return rows.map(({ body }) => News.parse(body));
  }
}
