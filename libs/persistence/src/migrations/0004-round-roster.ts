import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Everybody who was ever invited to a round. */
export class RoundRoster1763900000000 implements MigrationInterface {
  readonly name = 'RoundRoster1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "round" ADD COLUMN "roster" jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    // What was added stands in the log; the old schema has no place to read it from.
    await runner.query('ALTER TABLE "round" DROP COLUMN "roster"');
  }
}
