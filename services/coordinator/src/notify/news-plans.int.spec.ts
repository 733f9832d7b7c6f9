import { beforeAll, expect, test } from 'vitest';
import { useDataSource } from '#libs/testing';
import { DUE } from './delivery-queue.js';
import { OF_BUILDER, OF_GROUP } from './feeds.service.js';
import { TELLING } from './news.service.js';

const dataSource = useDataSource();
const now = new Date('2026-06-01T00:00:00.000Z');

/** Ten thousand rounds of four builders each, five pieces of news of each, all told but the newest. */
const FILL = `
  INSERT INTO "round" ("id", "release", "open", "phase", "opened_at", "open_index")
    SELECT 'r' || at, 'ic/' || at, jsonb_build_object('nonce', repeat('x', 1500), 'groups',
        CASE WHEN at % 100 = 0 THEN '[{"group": "north"}]'::jsonb ELSE '[{"group": "south"}]' END), 'final',
      '2026-01-01'::timestamptz + at * interval '1 minute', at
    FROM generate_series(1, 10000) AS at;
  INSERT INTO "round_builder" ("round", "builder", "operator", "invited_at")
    SELECT 'r' || at, 'b' || (at + seat) % 50, 'o' || seat, '2026-01-01'::timestamptz + at * interval '1 minute'
    FROM generate_series(1, 10000) AS at, generate_series(1, 4) AS seat;
  INSERT INTO "news" ("id", "position", "type", "thread", "round", "at", "body")
    SELECT 'm' || at, at, CASE WHEN at % 50 = 0 THEN 'divergence.found' ELSE 'verdict.reached' END,
      'r' || at / 5, 'r' || at / 5, '2026-01-01'::timestamptz + at * interval '10 seconds', '{}'
    FROM generate_series(5, 50000) AS at;
  INSERT INTO "news_subscription" ("id", "channel", "target", "label", "rules", "made_at")
    SELECT 's' || at, 'webhook', 'https://a.example/', 'l', '{}', '2026-01-01' FROM generate_series(1, 4) AS at;
  INSERT INTO "news_delivery" ("subscription", "position", "news", "thread", "state", "queued_at", "due_at", "ended_at")
    SELECT 's' || who, at, 'm' || at, 'r' || at / 5, CASE WHEN at > 49000 THEN 'waiting' ELSE 'delivered' END,
      '2026-01-01', CASE WHEN at > 49000 THEN '2026-01-01'::timestamptz END, '2026-01-01'
    FROM generate_series(5, 50000) AS at, generate_series(1, 4) AS who;
  INSERT INTO "envelope" SELECT 'e' || at, '{}', '2026-01-01' FROM generate_series(0, 50000) AS at;
  INSERT INTO "log_entry" ("index", "entry", "leaf_hash", "envelope_sha256", "kind", "round")
    SELECT at, '', '', 'e' || at, CASE WHEN at % 20 = 0 THEN 'verdict' ELSE 'commit' END, 'r' || at / 5
    FROM generate_series(0, 50000) AS at;
  ANALYZE`;

beforeAll(async () => {
  for (const statement of FILL.split(';')) await dataSource().query(statement);
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** Of few rows a subscription is; all others grow with every round. */
function wholeReads({ 'Node Type': type, 'Relation Name': table, Plans = [] }: Plan): string[] {
  const own = type === 'Seq Scan' && table !== undefined && table !== 'news_subscription';
  return [...(own ? [table] : []), ...Plans.flatMap(wholeReads)];
}

test.each<[string, string, readonly unknown[]]>([
  ['the feed of a builder', OF_BUILDER, ['b7']],
  ['the feed of a group', OF_GROUP, ['[{"group":"north"}]']],
  ['what is due', DUE, [now, ['s3']]],
  ['what the cursor reads', TELLING, [40_000, 50_001, ['verdict'], 25]],
  ['all news', 'SELECT "body" FROM "news" ORDER BY "position" DESC LIMIT 50', []],
  [
    'divergences',
    'SELECT "body" FROM "news" WHERE "type" = $1 ORDER BY "position" DESC LIMIT 50',
    ['divergence.found'],
  ],
])('%s is read by an index', async (_, text, values) => {
  const explained = await dataSource().query<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
    `EXPLAIN (FORMAT JSON) ${text}`,
    [...values],
  );
  const plan = explained[0]!['QUERY PLAN'][0].Plan;
  expect(wholeReads(plan), JSON.stringify(plan, null, 1)).toEqual([]);
});
