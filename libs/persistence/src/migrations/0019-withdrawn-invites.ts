import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An invite that was sent to the wrong people can be taken back, and is told from one that ran out. */
export class WithdrawnInvites1764650000000 implements MigrationInterface {
  readonly name = 'WithdrawnInvites1764650000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "builder_invite" ADD "withdrawn_at" timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // A word that nobody may use any more must not become one that somebody may.
    await runner.query(`DELETE FROM "builder_invite" WHERE "withdrawn_at" IS NOT NULL`);
    await runner.query(`ALTER TABLE "builder_invite" DROP COLUMN "withdrawn_at"`);
  }
}
