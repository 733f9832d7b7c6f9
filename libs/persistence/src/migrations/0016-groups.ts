import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Groups of operators, and which rounds were opened for which: RoundOpen says it. */
export class Groups1764500000000 implements MigrationInterface {
  readonly name = 'Groups1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "group" (
        "id" text NOT NULL, "name" text NOT NULL, "members" jsonb NOT NULL, "threshold" text NOT NULL,
        "about" text, "updated_at" timestamptz NOT NULL,
        CONSTRAINT "group_pk" PRIMARY KEY ("id"));
      CREATE INDEX "round_groups_idx" ON "round" USING gin (("open" -> 'groups') jsonb_path_ops);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "round_groups_idx"; DROP TABLE "group";`);
  }
}
