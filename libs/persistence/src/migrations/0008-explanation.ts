import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why rounds split, as far as it is known. No evidence: it is worked out of what is logged, and
 * written anew whenever more is known.
 */
export class Explanation1764100000000 implements MigrationInterface {
  readonly name = 'Explanation1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "explanation" (
        "round" text NOT NULL, "body" text, "comparisons" text,
        "marks" text array NOT NULL DEFAULT '{}', "is_complete" boolean NOT NULL DEFAULT false,
        "made_at" timestamptz, "due_at" timestamptz, "attempts" integer NOT NULL DEFAULT 0,
        CONSTRAINT "explanation_pk" PRIMARY KEY ("round"));
      CREATE INDEX "explanation_due_idx" ON "explanation" ("due_at") WHERE "due_at" IS NOT NULL;
      CREATE INDEX "explanation_marks_idx" ON "explanation" USING gin ("marks");
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "explanation"');
  }
}
