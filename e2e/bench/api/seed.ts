import type { DataSource, EntityManager } from 'typeorm';
import { lockLog } from '#libs/persistence';

/** How much is seeded. */
export interface SeedSize {
  readonly rounds: number;
  /** Builders of each round; each of them commits and shows a result. */
  readonly seats: number;
}

/** One in so many rounds is held on one and the same release. */
const REPEATED = 33;
/** Each operator has two. */
const BUILDERS = 60;
const ARTIFACTS = ['guestos/update-img', 'hostos/update-img', 'setupos/disk-img'] as const;
/** The commit that {@link REPEATED} rounds are held on. */
export const REPEATED_COMMIT = '01'.repeat(20);

/** Gives how many entries the log gets: open, commits, close, results, verdict and a countersignature. */
export function entriesOf({ rounds, seats }: SeedSize): number {
  return rounds * entriesPerRound(seats);
}

function entriesPerRound(seats: number): number {
  return 2 * seats + 4;
}

/**
 * Fills a database with decided rounds and their entries, in the database itself: rows as the service
 * writes them, in envelopes that nobody signed. The tree over the entries is whole, so that the log's
 * key can sign it. Adds to what is there; whoever appends waits meanwhile.
 */
export async function seedRounds(dataSource: DataSource, size: SeedSize): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await lockLog(manager);
    const [held] = await manager.query<{ from: number }[]>(
      'SELECT count(*)::int AS "from" FROM "log_entry"',
    );
    const from = held?.from ?? 0;
    await prepare(manager, size, from);
    for (const statement of [
      PROPOSALS,
      ROUNDS,
      SEATS,
      SUMMARIES,
      EXPLANATIONS,
      STANDINGS,
      ENVELOPES,
      ENTRIES,
    ]) {
      await manager.query(statement);
    }
    await manager.query(clusters(size.seats));
    await growTree(manager, from + entriesOf(size));
  });
  // A checkpointer would do it in its own time; a benchmark does not wait for it.
  await dataSource.query('VACUUM ANALYZE');
}

const hex = (text: string): string => `encode(sha256((${text})::bytea), 'hex')`;

/** What all rows are made of: rounds with their place in the log, seats with their builders. */
async function prepare(
  manager: EntityManager,
  { rounds, seats }: SeedSize,
  from: number,
): Promise<void> {
  const per = entriesPerRound(seats);
  await manager.query(`
    CREATE TEMP TABLE "seeded" ON COMMIT DROP AS
      SELECT r AS "number", ${hex(`'round ' || r`)} AS "id", ${from} + (r - 1) * ${per} AS "first",
        ${from} + (r - 1) * ${per} + ${seats + 1} AS "close_index",
        ${from} + (r - 1) * ${per} + ${2 * seats + 2} AS "verdict_index",
        CASE WHEN r % ${REPEATED} = 0 THEN 0 ELSE 1 + r / 2 END AS "release_number",
        CASE WHEN r % ${REPEATED} = 0 THEN 'ic/${REPEATED_COMMIT}'
          ELSE 'ic/' || left(${hex(`'release ' || (1 + r / 2)`)}, 40) END AS "release",
        timestamptz '2030-01-01' + r * interval '10 minutes' AS "opened_at",
        CASE WHEN r % 1000 = 7 THEN 'source-unavailable' WHEN r % 10 < 2 THEN 'split'
          WHEN r % 10 = 2 THEN 'insufficient' ELSE 'reproduced' END AS "verdict"
      FROM generate_series(1, ${rounds}) r;
    CREATE TEMP TABLE "seeded_builder" ON COMMIT DROP AS
      SELECT n AS "number", 'bench-' || left(${hex(`'builder ' || n`)}, 56) AS "builder",
        'operator-' || lpad((n / 2)::text, 3, '0') AS "operator"
      FROM generate_series(0, ${BUILDERS - 1}) n;
    CREATE TEMP TABLE "seeded_seat" ON COMMIT DROP AS
      SELECT round."number", round."id", round."opened_at", round."verdict", round."first", s AS "seat",
        own."builder", own."operator", round."first" + s AS "commit_index",
        round."first" + ${seats + 1} + s AS "result_index"
      FROM "seeded" round CROSS JOIN generate_series(1, ${seats}) s
      JOIN "seeded_builder" own ON own."number" = (round."number" + s) % ${BUILDERS};
    CREATE TEMP TABLE "seeded_entry" ON COMMIT DROP AS
      SELECT round."first" + at AS "index", round."id" AS "round", round."opened_at", CASE
          WHEN at = 0 THEN 'round-open' WHEN at <= ${seats} THEN 'commit'
          WHEN at = ${seats + 1} THEN 'round-close' WHEN at <= ${2 * seats + 1} THEN 'result'
          WHEN at = ${2 * seats + 2} THEN 'verdict' ELSE 'countersignature' END AS "kind",
        CASE WHEN at BETWEEN 1 AND ${seats} THEN at
          WHEN at BETWEEN ${seats + 2} AND ${2 * seats + 1} THEN at - ${seats + 1}
          WHEN at = ${2 * seats + 3} THEN 1 END AS "seat", round."number"
      FROM "seeded" round CROSS JOIN generate_series(0, ${per - 1}) at;
    CREATE TEMP TABLE "seeded_roster" ON COMMIT DROP AS
      SELECT shift AS "shift", jsonb_agg(jsonb_build_object('operator', own."operator", 'builders',
        jsonb_build_array(jsonb_build_object('builder', own."builder", 'publicKey', repeat('A', 43) || '='))))
        AS "roster"
      FROM generate_series(0, ${BUILDERS - 1}) shift CROSS JOIN generate_series(1, ${seats}) s
      JOIN "seeded_builder" own ON own."number" = (shift + s) % ${BUILDERS} GROUP BY shift;
    ANALYZE "seeded"; ANALYZE "seeded_builder"; ANALYZE "seeded_seat"; ANALYZE "seeded_entry";
  `);
}

const PROPOSALS = `INSERT INTO "proposal"
    ("id", "title", "url", "nns_function", "payload", "decision", "evidence", "voting_ends_at", "archived_at")
  SELECT DISTINCT (100000 + "release_number")::text, 'Elect release ' || "release_number", '', 38,
    sha256("release"::bytea), jsonb_build_object('kind', 'elects', 'os', 'guestos', 'urls', '[]'::jsonb,
      'commit', substr("release", 4), 'unelects', '[]'::jsonb), '{}', now(), now()
  FROM "seeded"`;

const ROUNDS = `INSERT INTO "round" ("id", "release", "proposal_id", "open", "phase", "opened_at",
    "closed_at", "close_reason", "decided_at", "open_index", "close_index", "verdict_index")
  SELECT seeded."id", seeded."release", (100000 + seeded."release_number")::text,
    jsonb_build_object('openedAt', seeded."opened_at", 'blind', true, 'threshold', '2/3',
      'release', jsonb_build_object('name', seeded."release"), 'roster', told."roster"), 'final',
    seeded."opened_at", seeded."opened_at" + interval '8 minutes', 'all-committed',
    seeded."opened_at" + interval '8 minutes', seeded."first", seeded."close_index", seeded."verdict_index"
  FROM "seeded" seeded JOIN "seeded_roster" told ON told."shift" = seeded."number" % ${BUILDERS}`;

const SEATS = `INSERT INTO "round_builder" ("round", "builder", "operator", "commitment", "commit_index",
    "result_index", "result_sha256", "is_counted", "invited_at")
  SELECT "id", "builder", "operator", ${hex(`'commitment ' || "commit_index"`)}, "commit_index",
    "result_index", ${hex(`'envelope ' || "result_index"`)}, true, "opened_at"
  FROM "seeded_seat"`;

const SUMMARIES = `INSERT INTO "round_summary" ("round", "release", "opened_at", "verdict_index", "outcome",
    "verdicts", "eligible", "purpose", "artifacts")
  SELECT "id", "release", "opened_at", "verdict_index", CASE "verdict" WHEN 'reproduced' THEN 'satisfied'
      WHEN 'split' THEN 'not-reproduced' ELSE 'undecided' END,
    ARRAY(SELECT DISTINCT v FROM unnest(ARRAY["verdict", 'reproduced']) v ORDER BY v), 24, '{}',
    (SELECT jsonb_agg(jsonb_build_object('name', a, 'elected', at = 1, 'expected', NULL, 'verdict',
        CASE at WHEN 1 THEN "verdict" ELSE 'reproduced' END, 'needed', 16, 'flags', '[]'::jsonb,
        'clusters', jsonb_build_array(jsonb_build_object('digest', ${hex(`a || "release"`)},
          'operators', 24, 'builders', 48, 'matchesExpected', false))))
      FROM unnest(ARRAY['${ARTIFACTS.join("','")}']) WITH ORDINALITY AS named(a, at))
  FROM "seeded"`;

/** Rounds of years ago were looked into long since: nobody begins with it while something is measured. */
const EXPLANATIONS = `INSERT INTO "explanation" ("round", "is_complete", "made_at")
  SELECT "id", true, "decided_at" FROM "round" WHERE "phase" = 'final' ON CONFLICT DO NOTHING`;

const STANDINGS = `INSERT INTO "round_standing" ("round", "builder", "standing")
  SELECT "id", "builder", CASE WHEN "verdict" = 'split' AND "seat" % 2 = 0 THEN 'disagreed'
    WHEN "verdict" = 'insufficient' THEN 'undecided' WHEN "seat" % 17 = 0 THEN 'absent' ELSE 'agreed' END
  FROM "seeded_seat"`;

/** Clusters of each artifact: two of the first one where it split. */
function clusters(seats: number): string {
  return `INSERT INTO "artifact_cluster" ("verdict_index", "position", "round", "release", "artifact",
      "digest", "verdict", "matches_expected", "operators", "builders", "results")
    SELECT round."verdict_index", (named.at - 1) * 2 + split, round."id", round."release",
      named.a, ${hex(`named.a || round."release" || split`)},
      CASE named.at WHEN 1 THEN round."verdict" ELSE 'reproduced' END, split = 0,
      ARRAY(SELECT DISTINCT unnest(own."operators") ORDER BY 1), own."builders", own."results"
    FROM "seeded" round
    CROSS JOIN unnest(ARRAY['${ARTIFACTS.join("','")}']) WITH ORDINALITY AS named(a, at)
    CROSS JOIN generate_series(0, 1) split
    CROSS JOIN LATERAL (
      SELECT array_agg(seat."operator") AS "operators", array_agg(seat."builder") AS "builders",
        array_agg(seat."result_index" ORDER BY seat."result_index") AS "results"
      FROM "seeded_builder" known
      JOIN generate_series(1, ${seats}) s ON known."number" = (round."number" + s) % ${BUILDERS}
      CROSS JOIN LATERAL (SELECT known."operator", known."builder",
        round."first" + ${seats + 1} + s AS "result_index") seat
      WHERE round."verdict" <> 'split' OR named.at <> 1 OR s % 2 = split
    ) own
    WHERE split = 0 OR (round."verdict" = 'split' AND named.at = 1)`;
}

const ENVELOPES = `INSERT INTO "envelope" ("sha256", "body", "received_at")
  SELECT ${hex(`'envelope ' || "index"`)}, '{"payload":"' || encode(('statement ' || "index")::bytea, 'base64')
    || '","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"${'0'.repeat(64)}","sig":"${'A'.repeat(86)}=="}]}',
    "opened_at" FROM "seeded_entry"`;

const ENTRIES = `INSERT INTO "log_entry" ("index", "entry", "leaf_hash", "envelope_sha256", "kind", "round",
    "builder", "logged_at")
  SELECT entry."index", convert_to('leaf ' || entry."index", 'UTF8'),
    sha256('\\x00'::bytea || convert_to('leaf ' || entry."index", 'UTF8')),
    ${hex(`'envelope ' || entry."index"`)}, entry."kind", entry."round", own."builder", entry."opened_at"
  FROM "seeded_entry" entry
  LEFT JOIN "seeded_builder" own ON own."number" = (entry."number" + entry."seat") % ${BUILDERS}
  ORDER BY entry."index"`;

/** Adds every node that became complete, level by level. */
async function growTree(manager: EntityManager, size: number): Promise<void> {
  await manager.query(
    `INSERT INTO "log_node" ("level", "index", "hash") SELECT 0, "index", "leaf_hash" FROM "log_entry"
     ON CONFLICT DO NOTHING`,
  );
  for (let level = 1; Math.floor(size / 2 ** level) > 0; level += 1) {
    await manager.query(
      `INSERT INTO "log_node" ("level", "index", "hash")
       SELECT $1::smallint, a."index" / 2, sha256('\\x01'::bytea || a."hash" || b."hash")
       FROM "log_node" a JOIN "log_node" b ON b."level" = a."level" AND b."index" = a."index" + 1
       WHERE a."level" = $1::smallint - 1 AND a."index" % 2 = 0 ON CONFLICT DO NOTHING`,
      [level],
    );
  }
}
