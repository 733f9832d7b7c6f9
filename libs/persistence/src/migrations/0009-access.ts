import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may do what, and what the console of the database did that is still to be logged. */
export class Access1764150000000 implements MigrationInterface {
  readonly name = 'Access1764150000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "access_token" (
        "id" text NOT NULL, "sha256" bytea NOT NULL, "label" text NOT NULL,
        "scopes" text array NOT NULL, "made_at" timestamptz NOT NULL,
        "expires_at" timestamptz NOT NULL, "revoked_at" timestamptz, "last_used_at" timestamptz,
        CONSTRAINT "access_token_pk" PRIMARY KEY ("id"));
      CREATE TABLE "console_act" (
        "id" uuid NOT NULL, "act" text NOT NULL, "subject" text NOT NULL, "detail" jsonb NOT NULL,
        "at" timestamptz NOT NULL,
        CONSTRAINT "console_act_pk" PRIMARY KEY ("id"));
      CREATE INDEX "log_entry_key_idx" ON "log_entry" ("index") WHERE "kind" = 'key';
      CREATE INDEX "log_entry_act_idx" ON "log_entry" ("index")
        WHERE "kind" = ANY (ARRAY['admin-act', 'round-open', 'round-amend', 'round-close']);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX "log_entry_act_idx";
      DROP INDEX "log_entry_key_idx";
      DROP TABLE "console_act";
      DROP TABLE "access_token";
    `);
  }
}
