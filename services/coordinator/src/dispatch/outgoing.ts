import type { EntityManager } from 'typeorm';
import { subjectFor } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { OutgoingEntity } from '#libs/persistence';

/** A message to a builder. */
export interface Outgoing {
  readonly kind: string;
  readonly builder: string;
  readonly body: object;
  readonly round: string;
}

/** Writes a message in the caller's transaction; the same one again changes nothing. */
export async function enqueue(manager: EntityManager, message: Outgoing, now: Date): Promise<void> {
  await enqueueAll(manager, [message], now);
}

/** Writes many at once, as {@link enqueue} does. */
export async function enqueueAll(
  manager: EntityManager,
  messages: readonly Outgoing[],
  now: Date,
): Promise<void> {
  const rows = messages.map(({ kind, builder, body: content, round }) => {
    const subject = subjectFor(kind, builder);
    const body = JSON.stringify(content);
    const id = sha256(`${subject}\n${body}`);
    return { id, subject, body, round, createdAt: now, sentAt: null };
  });
  if (rows.length === 0) return;
  await manager
    .createQueryBuilder()
    .insert()
    .into(OutgoingEntity)
    .values(rows)
    .orIgnore()
    .execute();
}
