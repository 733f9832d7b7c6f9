import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a coordinator remembers of the logs that it is a witness of. Unlike evidence it moves on. */
export class Witness1763850000000 implements MigrationInterface {
  readonly name = 'Witness1763850000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "witnessed_log" (
        "origin" text NOT NULL, "size" numeric(20,0) NOT NULL, "root" bytea NOT NULL,
        "note" text NOT NULL,
        CONSTRAINT "witnessed_log_pk" PRIMARY KEY ("origin"));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "witnessed_log"');
  }
}
