import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether an operator has a seat in a round, without reading all of the round's seats. */
export class SeatedOperators1764550000000 implements MigrationInterface {
  readonly name = 'SeatedOperators1764550000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX "round_builder_seated_idx" ON "round_builder" ("round", "operator")`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "round_builder_seated_idx"`);
  }
}
