import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which coordinator does work that comes round by itself, and which rounds lie in an archive. */
export class LeasesAndArchive1764300000000 implements MigrationInterface {
  readonly name = 'LeasesAndArchive1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "lease" (
        "name" text NOT NULL, "holder" text NOT NULL, "until" timestamptz NOT NULL,
        CONSTRAINT "lease_pk" PRIMARY KEY ("name"));
      CREATE TABLE "archived_round" (
        "round" text NOT NULL, "bundle_sha256" text NOT NULL, "place" text NOT NULL,
        "archived_at" timestamptz NOT NULL, "pruned_at" timestamptz,
        CONSTRAINT "archived_round_pk" PRIMARY KEY ("round"));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    // Fails where envelopes are only in the archive: without these rows nobody would look there.
    await runner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM "archived_round" WHERE "pruned_at" IS NOT NULL) THEN
          RAISE EXCEPTION 'rounds were pruned: bring their envelopes back first';
        END IF;
      END $$;
      DROP TABLE "archived_round";
      DROP TABLE "lease";
    `);
  }
}
