import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A database that was brought back from a backup is told from the one in which the log was written. */
export class LogHome1764700000000 implements MigrationInterface {
  readonly name = 'LogHome1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "log_home" (
        "one" boolean NOT NULL DEFAULT true,
        "place" text NOT NULL,
        "written_by" text NOT NULL,
        CONSTRAINT "log_home_one" CHECK ("one"),
        CONSTRAINT "log_home_pk" PRIMARY KEY ("one")
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "log_home"`);
  }
}
