import type { MigrationInterface, QueryRunner } from 'typeorm';

const EVIDENCE = ['proposal', 'envelope', 'log_entry', 'log_node', 'log_checkpoint'];

/** Proposals, the log with its content store, rounds, and the outbox. */
export class MainJob1763700000000 implements MigrationInterface {
  readonly name = 'MainJob1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "proposal" (
        "id" text NOT NULL, "title" text NOT NULL, "url" text NOT NULL, "nns_function" integer,
        "payload" bytea, "decision" jsonb NOT NULL, "evidence" text NOT NULL,
        "voting_ends_at" timestamptz, "archived_at" timestamptz NOT NULL,
        CONSTRAINT "proposal_pk" PRIMARY KEY ("id"));
      CREATE TABLE "envelope" (
        "sha256" text NOT NULL, "body" text NOT NULL, "received_at" timestamptz NOT NULL,
        CONSTRAINT "envelope_pk" PRIMARY KEY ("sha256"));
      CREATE TABLE "log_entry" (
        "index" bigint NOT NULL, "entry" bytea NOT NULL, "leaf_hash" bytea NOT NULL,
        "envelope_sha256" text NOT NULL, "kind" text NOT NULL, "round" text NOT NULL, "builder" text,
        CONSTRAINT "log_entry_pk" PRIMARY KEY ("index"),
        CONSTRAINT "log_entry_envelope_fk" FOREIGN KEY ("envelope_sha256") REFERENCES "envelope" ("sha256"));
      CREATE UNIQUE INDEX "log_entry_envelope_uq" ON "log_entry" ("envelope_sha256");
      CREATE INDEX "log_entry_round_idx" ON "log_entry" ("round", "index");
      CREATE TABLE "log_node" (
        "level" smallint NOT NULL, "index" bigint NOT NULL, "hash" bytea NOT NULL,
        CONSTRAINT "log_node_pk" PRIMARY KEY ("level", "index"));
      CREATE TABLE "log_checkpoint" (
        "size" bigint NOT NULL, "root" bytea NOT NULL, "note" text NOT NULL,
        CONSTRAINT "log_checkpoint_pk" PRIMARY KEY ("size"));
      CREATE TABLE "round" (
        "id" text NOT NULL, "release" text NOT NULL, "proposal_id" text, "open" jsonb NOT NULL,
        "phase" text NOT NULL, "opened_at" timestamptz NOT NULL, "due_at" timestamptz,
        "closed_at" timestamptz, "close_reason" text, "decided_at" timestamptz,
        "open_index" bigint NOT NULL, "close_index" bigint, "verdict_index" bigint,
        CONSTRAINT "round_pk" PRIMARY KEY ("id"));
      CREATE INDEX "round_due_idx" ON "round" ("phase", "due_at");
      CREATE INDEX "round_release_idx" ON "round" ("release");
      CREATE INDEX "round_opened_idx" ON "round" ("opened_at", "id");
      CREATE TABLE "round_builder" (
        "round" text NOT NULL, "builder" text NOT NULL, "operator" text NOT NULL,
        "commitment" text, "commit_index" bigint, "is_late" boolean NOT NULL DEFAULT false,
        "result_index" bigint, "result_sha256" text, "is_counted" boolean NOT NULL DEFAULT false,
        "stage" text, "percent" real, "last_seen_at" timestamptz,
        CONSTRAINT "round_builder_pk" PRIMARY KEY ("round", "builder"));
      CREATE TABLE "outgoing" (
        "id" text NOT NULL, "subject" text NOT NULL, "body" text NOT NULL, "round" text,
        "created_at" timestamptz NOT NULL, "sent_at" timestamptz,
        CONSTRAINT "outgoing_pk" PRIMARY KEY ("id"));
      CREATE INDEX "outgoing_unsent_idx" ON "outgoing" ("created_at") WHERE "sent_at" IS NULL;
      CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'evidence in % is only ever added', TG_TABLE_NAME; END $$;
    `);
    for (const table of EVIDENCE) {
      await runner.query(
        `CREATE TRIGGER "${table}_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "${table}"
         FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"()`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['outgoing', 'round_builder', 'round', ...EVIDENCE.toReversed()]) {
      await runner.query(`DROP TABLE "${table}" CASCADE`);
    }
    await runner.query('DROP FUNCTION "refuse_change"()');
  }
}
