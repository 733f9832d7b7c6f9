import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A message that is too large to be sent is set aside, with the reason. */
export class OutgoingRefused1764050000000 implements MigrationInterface {
  readonly name = 'OutgoingRefused1764050000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "outgoing" ADD COLUMN "refused" text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "outgoing" DROP COLUMN "refused"`);
  }
}
