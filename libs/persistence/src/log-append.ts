import type { EntityManager } from 'typeorm';
import { appendLeaves, HASH_BYTES, hashLeaf, type TreeNode } from '#libs/tlog';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import type { LogEntryKind } from './entities/log-entry.entity.js';
import { integers, lines, packBytes, packTexts } from './packed.js';
import { runPrepared, type Prepared } from './prepared.js';
import { readGrownTree, readLogState } from './signed-tree.js';

/** An envelope on its way into the log. */
export interface NewEntry {
  readonly envelopeSha256: string;
  /** Canonical JSON of the envelope. */
  readonly body: string;
  /** The leaf's bytes. */
  readonly entry: Uint8Array;
  readonly kind: LogEntryKind;
  /** Null for what is about no round: the life of a key. */
  readonly round: string | null;
  readonly builder: string | null;
}

/**
 * From there on rows are looked up by their keys, which is what everybody does who holds a lock. Tables
 * grow by thousands of rows before the server counts them anew, and by what it counted last it reads
 * all of them to find some.
 */
const LOCK: Prepared = {
  name: 'lock-log',
  text: `
    SELECT pg_advisory_xact_lock($1), set_config('enable_seqscan', 'off', true),
      set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`,
};

/**
 * Takes the lock under which the log is sequenced, until the transaction ends. Everything that
 * decides by the log's state has to be read after it: any number of coordinators may run.
 */
export async function lockLog(manager: EntityManager): Promise<void> {
  await runPrepared(manager, LOCK, [ADVISORY_LOCKS.log]);
}

/**
 * Takes the lock under which checkpoints are signed, until the transaction ends. Appending goes on
 * meanwhile: what a transaction sees of the log was committed whole, in the order of its indices.
 */
export async function lockCheckpoints(manager: EntityManager): Promise<void> {
  await runPrepared(manager, LOCK, [ADVISORY_LOCKS.checkpoint]);
}

/** Gives the number of leaves that this transaction sees. */
export async function logSize(manager: EntityManager): Promise<number> {
  return (await readLogState(manager)).size;
}

/**
 * All of a batch at once, each column as one value: reading thousands of parameters, or one array of
 * long texts, costs the server more than writing the rows. A text with a newline, or a column with a
 * value too few, makes a row with a NULL that its table refuses.
 */
const APPEND: Prepared = {
  name: 'append-to-log',
  text: `
    WITH "grown" AS (
      INSERT INTO "log_node" ("level", "index", "hash")
      SELECT "level", "first" + "plus", substring($6::bytea FROM ("at" + 32 * "plus")::int FOR 32)
      FROM unnest($7::smallint[], $8::bigint[], $9::int[], $10::int[])
          AS "stretch" ("level", "first", "at", "count"),
        generate_series(0, "count" - 1) AS "plus"
    ), "sequenced" AS (
      INSERT INTO "log_entry"
        ("index", "entry", "leaf_hash", "envelope_sha256", "kind", "round", "builder", "logged_at")
      SELECT $11::bigint + "place" - 1, substring($12::bytea FROM "at" FOR "length"),
        substring($6::bytea FROM (32 * "place" - 31)::int FOR 32), "sha256", "kind",
        nullif("round", ''), nullif("builder", ''),
        -- Clocks differ: times that never fall let a moment be found as a place in the log.
        greatest($5::timestamptz, (SELECT last."logged_at" FROM "log_entry" last
          ORDER BY last."index" DESC LIMIT 1))
      FROM unnest(string_to_array($1, E'\\n'), $13::int[], $14::int[], string_to_array($15, E'\\n'),
          string_to_array($16, E'\\n'), string_to_array($17, E'\\n')) WITH ORDINALITY
        AS "new" ("sha256", "at", "length", "kind", "round", "builder", "place")
    )
    INSERT INTO "envelope" ("sha256", "body", "received_at")
    SELECT "sha256", convert_from(substring($2::bytea FROM "at" FOR "length"), 'UTF8'),
      $5::timestamptz
    FROM unnest(string_to_array($1, E'\\n'), $3::int[], $4::int[]) AS "new" ("sha256", "at", "length")`,
};

/**
 * Appends envelopes, with leaves and tree nodes, in the caller's transaction; returns their indices.
 * The caller MUST hold {@link lockLog}. Nothing is announced here: a crash before the commit leaves
 * no trace, a crash after it leaves entries that the next checkpoint covers.
 *
 * @throws PersistenceError LOG_CORRUPT when a node of the tree is missing, or the tree is not one that
 * grew from what was signed last
 */
export async function appendToLog(
  manager: EntityManager,
  entries: readonly NewEntry[],
  receivedAt: Date,
): Promise<readonly number[]> {
  const { size, last } = await readLogState(manager);
  const frontier = await readGrownTree(manager, size, last);
  if (entries.length === 0) return [];
  const { nodes } = appendLeaves(
    frontier,
    entries.map(({ entry }) => hashLeaf(entry)),
  );
  const bodies = packTexts(entries.map(({ body }) => body));
  const leaves = packBytes(entries.map(({ entry }) => entry));
  const stretches = stretchesOf(nodes);
  await runPrepared(manager, APPEND, [
    lines(entries.map(({ envelopeSha256 }) => envelopeSha256)),
    ...[bodies.bytes, bodies.starts, bodies.lengths, receivedAt],
    ...[stretches.hashes, stretches.levels, stretches.firsts, stretches.starts, stretches.counts],
    ...[size, leaves.bytes, leaves.starts, leaves.lengths],
    lines(entries.map(({ kind }) => kind)),
    lines(entries.map(({ round }) => round ?? '')),
    lines(entries.map(({ builder }) => builder ?? '')),
  ]);
  return entries.map((_, at) => size + at);
}

/** New nodes as one stretch a level, leaves first: what became complete together stands side by side. */
function stretchesOf(nodes: readonly TreeNode[]): {
  readonly hashes: Buffer;
  readonly levels: string;
  readonly firsts: string;
  readonly starts: string;
  readonly counts: string;
} {
  const stretches: TreeNode[][] = [];
  for (const node of nodes) (stretches[node.level] ??= []).push(node);
  let at = 1;
  const starts = stretches.map(({ length }) => {
    at += HASH_BYTES * length;
    return at - HASH_BYTES * length;
  });
  return {
    hashes: Buffer.concat(stretches.flat().map(({ hash }) => hash)),
    levels: integers(stretches.map((_, level) => level)),
    firsts: integers(stretches.map(([first]) => first?.index ?? 0n)),
    starts: integers(starts),
    counts: integers(stretches.map(({ length }) => length)),
  };
}
