import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Declines, when each builder was invited, and rounds that asked for kinds of builders instead of
 * naming them. A choice is no evidence: who was invited stands in the log, and why is worked out of
 * what was known then.
 */
export class Dispatch1764250000000 implements MigrationInterface {
  readonly name = 'Dispatch1764250000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE "round_builder" ADD COLUMN "decline_index" bigint, ADD COLUMN "decline_reason" text,
        ADD COLUMN "invited_at" timestamptz;
      CREATE INDEX "round_builder_builder_idx" ON "round_builder" ("builder", "invited_at");
      CREATE TABLE "round_ask" (
        "round" text NOT NULL, "ask" jsonb NOT NULL, "choice" jsonb NOT NULL,
        "replacements" jsonb NOT NULL DEFAULT '[]', "due_at" timestamptz,
        CONSTRAINT "round_ask_pk" PRIMARY KEY ("round"));
      CREATE INDEX "round_ask_due_idx" ON "round_ask" ("due_at") WHERE "due_at" IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE "round_ask";
      DROP INDEX "round_builder_builder_idx";
      ALTER TABLE "round_builder" DROP COLUMN "decline_index", DROP COLUMN "decline_reason",
        DROP COLUMN "invited_at";
    `);
  }
}
