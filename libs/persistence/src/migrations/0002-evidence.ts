import type { MigrationInterface, QueryRunner } from 'typeorm';

const EVIDENCE = ['log_cosignature', 'link'];

/** Witnesses' cosignatures, links of the old form, and log entries that are about no round. */
export class Evidence1763800000000 implements MigrationInterface {
  readonly name = 'Evidence1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "log_cosignature" (
        "size" bigint NOT NULL, "witness" text NOT NULL, "line" text NOT NULL,
        CONSTRAINT "log_cosignature_pk" PRIMARY KEY ("size", "witness"));
      CREATE TABLE "link" (
        "round" text NOT NULL, "builder" text NOT NULL, "body" text NOT NULL,
        CONSTRAINT "link_pk" PRIMARY KEY ("round", "builder"));
      ALTER TABLE "log_entry" ALTER COLUMN "round" DROP NOT NULL;
    `);
    for (const table of EVIDENCE) {
      await runner.query(
        `CREATE TRIGGER "${table}_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "${table}"
         FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"()`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of EVIDENCE.toReversed()) await runner.query(`DROP TABLE "${table}" CASCADE`);
    // Fails where key records were logged: they cannot be kept in the old form, nor be forgotten.
    await runner.query('ALTER TABLE "log_entry" ALTER COLUMN "round" SET NOT NULL');
  }
}
