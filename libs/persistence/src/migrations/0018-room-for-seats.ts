import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A seat changes with its commit, its result and each heartbeat, and nothing of these stands in an index:
 * where its page has room for the new row, its four indexes need not learn of it. A seat grows by more
 * than half, so that a page is left more than half empty. Pages that are full already stay as they are.
 */
export class RoomForSeats1764600000000 implements MigrationInterface {
  readonly name = 'RoomForSeats1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "round_builder" SET (fillfactor = 40)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "round_builder" RESET (fillfactor)`);
  }
}
