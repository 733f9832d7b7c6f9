import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What there is news of, who wants it, and what is still to be told to whom. */
export class News1764450000000 implements MigrationInterface {
  readonly name = 'News1764450000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "news_cursor" (
        "name" text NOT NULL, "next_index" bigint NOT NULL, "next_position" bigint NOT NULL,
        CONSTRAINT "news_cursor_pk" PRIMARY KEY ("name"));
      CREATE TABLE "news" (
        "id" text NOT NULL, "position" bigint NOT NULL, "type" text NOT NULL, "thread" text NOT NULL,
        "round" text, "builder" text, "at" timestamptz NOT NULL, "body" jsonb NOT NULL,
        CONSTRAINT "news_pk" PRIMARY KEY ("id"));
      CREATE UNIQUE INDEX "news_position_uq" ON "news" ("position");
      CREATE INDEX "news_type_idx" ON "news" ("type", "position");
      CREATE INDEX "news_round_idx" ON "news" ("round", "position");
      CREATE INDEX "news_at_idx" ON "news" ("at");
      CREATE TABLE "news_subscription" (
        "id" text NOT NULL, "channel" text NOT NULL, "target" text NOT NULL, "label" text NOT NULL,
        "rules" jsonb NOT NULL, "secret_check" text, "made_at" timestamptz NOT NULL,
        "disabled_at" timestamptz, "disabled_because" text,
        CONSTRAINT "news_subscription_pk" PRIMARY KEY ("id"));
      CREATE TABLE "news_delivery" (
        "subscription" text NOT NULL, "position" bigint NOT NULL, "news" text NOT NULL,
        "thread" text NOT NULL, "state" text NOT NULL, "queued_at" timestamptz NOT NULL,
        "attempts" integer NOT NULL DEFAULT 0, "due_at" timestamptz, "ended_at" timestamptz,
        "detail" text,
        CONSTRAINT "news_delivery_pk" PRIMARY KEY ("subscription", "position"));
      CREATE INDEX "news_delivery_due_idx" ON "news_delivery" ("due_at") WHERE "state" = 'waiting';
      CREATE INDEX "news_delivery_thread_idx" ON "news_delivery" ("subscription", "thread", "position")
        WHERE "state" = 'waiting';
      CREATE INDEX "news_delivery_dead_idx" ON "news_delivery" ("subscription", "position")
        WHERE "state" = 'dead';
      CREATE INDEX "news_delivery_ended_idx" ON "news_delivery" ("ended_at")
        WHERE "state" = 'delivered';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['news_delivery', 'news_subscription', 'news', 'news_cursor']) {
      await runner.query(`DROP TABLE "${table}"`);
    }
  }
}
