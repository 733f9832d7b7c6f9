import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A message to many builders is one row. What waits to be sent stays, under the id that it had. */
export class OutgoingSubjects1764000000000 implements MigrationInterface {
  readonly name = 'OutgoingSubjects1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE "outgoing" RENAME COLUMN "subject" TO "subjects";
      ALTER TABLE "outgoing" ALTER COLUMN "body" SET STORAGE EXTERNAL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      INSERT INTO "outgoing" ("id", "subjects", "body", "round", "created_at", "sent_at")
        SELECT encode(sha256(convert_to("one" || E'\\n' || "body", 'UTF8')), 'hex'), "one",
          "body", "round", "created_at", "sent_at"
        FROM "outgoing", string_to_table("subjects", E'\\n') AS "one"
        WHERE "subjects" LIKE E'%\\n%'
        ON CONFLICT DO NOTHING;
      DELETE FROM "outgoing" WHERE "subjects" LIKE E'%\\n%';
      ALTER TABLE "outgoing" ALTER COLUMN "body" SET STORAGE EXTENDED;
      ALTER TABLE "outgoing" RENAME COLUMN "subjects" TO "subject";
    `);
  }
}
