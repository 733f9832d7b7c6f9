import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The logs of builds, as their builders show them: no evidence, their digests are in the log. And when
 * anything was explained last, by which it is known whether an answer is still the same.
 */
export class BuildLogs1764400000000 implements MigrationInterface {
  readonly name = 'BuildLogs1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "build_log" (
        "round" text NOT NULL, "builder" text NOT NULL, "sha256" text NOT NULL,
        "state" text NOT NULL, "reason" text, "size_bytes" integer, "body" bytea,
        "stored_at" timestamptz, "due_at" timestamptz, "attempts" integer NOT NULL DEFAULT 0,
        CONSTRAINT "build_log_pk" PRIMARY KEY ("round", "builder"));
      ALTER TABLE "build_log" ALTER COLUMN "body" SET STORAGE EXTERNAL;
      CREATE INDEX "build_log_due_idx" ON "build_log" ("due_at") WHERE "due_at" IS NOT NULL;
      CREATE INDEX "explanation_made_idx" ON "explanation" ("made_at");
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "explanation_made_idx"; DROP TABLE "build_log"');
  }
}
