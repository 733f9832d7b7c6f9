import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Builders that asked to join, words that let them in, and orders that were carried out. */
export class Builders1764200000000 implements MigrationInterface {
  readonly name = 'Builders1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "builder" (
        "id" text NOT NULL, "public_key" text NOT NULL, "operator" text NOT NULL,
        "operator_label" text NOT NULL, "operator_public_key" text NOT NULL,
        "status" text NOT NULL, "status_reason" text, "status_by" text, "capabilities" jsonb NOT NULL,
        "tags" text array NOT NULL, "contact" text, "enrolment" text NOT NULL,
        "signed_at" timestamptz NOT NULL, "applied_at" timestamptz NOT NULL,
        "approved_at" timestamptz, "nats_public_key" text NOT NULL,
        "is_nats_due" boolean NOT NULL DEFAULT false, "last_seen_at" timestamptz,
        "agent_version" text, "heartbeat" jsonb, "calibration" jsonb,
        CONSTRAINT "builder_pk" PRIMARY KEY ("id"));
      CREATE INDEX "builder_status_idx" ON "builder" ("status", "id");
      CREATE INDEX "builder_operator_idx" ON "builder" ("operator_public_key");
      CREATE INDEX "builder_nats_due_idx" ON "builder" ("id") WHERE "is_nats_due";
      CREATE TABLE "builder_invite" (
        "id" text NOT NULL, "sha256" text NOT NULL, "label" text, "operator_public_key" text,
        "expires_at" timestamptz NOT NULL, "used_by" text,
        CONSTRAINT "builder_invite_pk" PRIMARY KEY ("id"));
      CREATE TABLE "builder_order" (
        "operator" text NOT NULL, "nonce" text NOT NULL, "signed_at" timestamptz NOT NULL,
        CONSTRAINT "builder_order_pk" PRIMARY KEY ("operator", "nonce"));
      CREATE INDEX "builder_order_signed_idx" ON "builder_order" ("signed_at");
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE "builder_order";
      DROP TABLE "builder_invite";
      DROP TABLE "builder";
    `);
  }
}
