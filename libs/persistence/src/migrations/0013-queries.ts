import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What lists are read from: of each decided round its verdicts, its clusters and what became of each
 * builder, as the signed verdict says; and when each entry was logged. Rounds that were decided before
 * are brought up by the coordinator, from the log.
 */
export class Queries1764350000000 implements MigrationInterface {
  readonly name = 'Queries1764350000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "round_summary" (
        "round" text NOT NULL, "release" text NOT NULL, "opened_at" timestamptz NOT NULL,
        "verdict_index" bigint NOT NULL, "outcome" text, "verdicts" text array NOT NULL,
        "eligible" integer NOT NULL, "purpose" jsonb NOT NULL, "artifacts" jsonb NOT NULL,
        CONSTRAINT "round_summary_pk" PRIMARY KEY ("round"));
      CREATE INDEX "round_summary_outcome_idx" ON "round_summary" ("outcome", "opened_at", "round");
      CREATE INDEX "round_summary_verdicts_idx" ON "round_summary" USING gin ("verdicts");
      CREATE TABLE "artifact_cluster" (
        "verdict_index" bigint NOT NULL, "position" integer NOT NULL, "round" text NOT NULL,
        "release" text NOT NULL, "artifact" text NOT NULL, "digest" text NOT NULL,
        "verdict" text NOT NULL, "matches_expected" boolean NOT NULL, "operators" text array NOT NULL,
        "builders" text array NOT NULL, "results" bigint array NOT NULL,
        CONSTRAINT "artifact_cluster_pk" PRIMARY KEY ("verdict_index", "position"));
      CREATE INDEX "artifact_cluster_digest_idx" ON "artifact_cluster" ("digest", "verdict_index", "position");
      CREATE INDEX "artifact_cluster_name_idx" ON "artifact_cluster" ("artifact", "verdict_index", "position");
      CREATE INDEX "artifact_cluster_verdict_idx" ON "artifact_cluster" ("verdict", "verdict_index", "position");
      CREATE INDEX "artifact_cluster_release_idx" ON "artifact_cluster" ("release", "verdict_index", "position");
      CREATE INDEX "artifact_cluster_round_idx" ON "artifact_cluster" ("round", "artifact");
      CREATE TABLE "round_standing" (
        "round" text NOT NULL, "builder" text NOT NULL, "standing" text NOT NULL,
        CONSTRAINT "round_standing_pk" PRIMARY KEY ("round", "builder"));
      CREATE INDEX "round_standing_builder_idx" ON "round_standing" ("builder", "standing");
      CREATE INDEX "round_builder_operator_idx" ON "round_builder" ("operator", "builder", "invited_at");
      DROP INDEX "round_builder_builder_idx";
      CREATE INDEX "round_builder_builder_idx" ON "round_builder" ("builder", "invited_at", "round");
      DROP INDEX "round_release_idx";
      CREATE INDEX "round_release_idx" ON "round" ("release", "opened_at", "id");
      CREATE INDEX "round_proposal_idx" ON "round" ("proposal_id", "opened_at", "id");
      CREATE INDEX "round_phase_idx" ON "round" ("phase", "opened_at", "id");
      CREATE INDEX "proposal_number_idx" ON "proposal" (("id"::numeric));
      ALTER TABLE "log_entry" ADD COLUMN "logged_at" timestamptz;
      CREATE INDEX "log_entry_builder_idx" ON "log_entry" ("builder", "index") WHERE "builder" IS NOT NULL;
      CREATE INDEX "log_entry_kind_idx" ON "log_entry" ("kind", "index")
        WHERE "kind" <> 'commit' AND "kind" <> 'result';
      UPDATE "round_builder" seat SET "invited_at" = round."opened_at" FROM "round" round
        WHERE round."id" = seat."round" AND seat."invited_at" IS NULL AND round."phase" = 'final';
    `);
    // Evidence is only ever added: a column beside it is filled in once, before anybody reads it.
    await runner.query(`
      ALTER TABLE "log_entry" DISABLE TRIGGER "log_entry_append_only";
      UPDATE "log_entry" entry SET "logged_at" = envelope."received_at" FROM "envelope" envelope
        WHERE envelope."sha256" = entry."envelope_sha256";
      ALTER TABLE "log_entry" ENABLE TRIGGER "log_entry_append_only";
      CREATE INDEX "log_entry_logged_idx" ON "log_entry" ("logged_at", "index");
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE "log_entry" DROP COLUMN "logged_at";
      DROP INDEX "log_entry_kind_idx";
      DROP INDEX "log_entry_builder_idx";
      DROP INDEX "proposal_number_idx";
      DROP INDEX "round_phase_idx";
      DROP INDEX "round_proposal_idx";
      DROP INDEX "round_release_idx";
      CREATE INDEX "round_release_idx" ON "round" ("release");
      DROP INDEX "round_builder_operator_idx";
      DROP INDEX "round_builder_builder_idx";
      CREATE INDEX "round_builder_builder_idx" ON "round_builder" ("builder", "invited_at");
      DROP TABLE "round_standing";
      DROP TABLE "artifact_cluster";
      DROP TABLE "round_summary";
    `);
  }
}
