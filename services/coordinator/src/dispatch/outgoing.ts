import type { EntityManager } from 'typeorm';
import { subjectFor } from '#libs/contracts';
import { sha256 } from '#libs/encoding';

/** A message to a builder. */
export interface Outgoing {
  readonly kind: string;
  readonly builder: string;
  readonly body: object;
  readonly round: string;
}

interface Row {
  readonly subjects: string[];
  readonly body: string;
  readonly round: string;
}

/** Writes a message in the caller's transaction; the same one again changes nothing. */
export async function enqueue(manager: EntityManager, message: Outgoing, now: Date): Promise<void> {
  await enqueueAll(manager, [message], now);
}

/**
 * Writes many at once; what is there already in the same words to the same builders changes nothing.
 * Messages of one kind with one body, the very object, are written and hashed once for all of them.
 */
export async function enqueueAll(
  manager: EntityManager,
  messages: readonly Outgoing[],
  now: Date,
): Promise<void> {
  const rows = rowsOf(messages);
  if (rows.length === 0) return;
  const subjects = rows.map((row) => row.subjects.join('\n'));
  // The id is the message's at the stream too, where whoever knew it beforehand could use it up: it
  // hangs on the body, which has a signature that nobody can foretell.
  const ids = rows.map(({ body }, at) => sha256(`${subjects[at] ?? ''}\n${body}`));
  await manager.query(
    `INSERT INTO "outgoing" ("id", "subjects", "body", "round", "created_at")
     SELECT "id", "subjects", "body", "round", $5::timestamptz
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
       AS "new" ("id", "subjects", "body", "round")
     ON CONFLICT DO NOTHING`,
    [ids, subjects, rows.map(({ body }) => body), rows.map(({ round }) => round), now],
  );
}

function rowsOf(messages: readonly Outgoing[]): readonly Row[] {
  const rows: Row[] = [];
  const byBody = new Map<object, Map<string, Row>>();
  for (const { kind, builder, body, round } of messages) {
    const byKind = byBody.get(body) ?? new Map<string, Row>();
    byBody.set(body, byKind);
    const key = `${kind}\n${round}`;
    const row = byKind.get(key) ?? { subjects: [], body: JSON.stringify(body), round };
    if (!byKind.has(key)) rows.push(row);
    byKind.set(key, row);
    row.subjects.push(subjectFor(kind, builder));
  }
  return rows;
}
